import assert from "node:assert/strict";
import type { AdvancedWorld, ProxiedServer } from "../advanced-world.ts";
import { expectActedOnce, expectCompleted, expectRecorded } from "../expectations.ts";
import { readHeads, startWorkerBeside } from "../side-lane.ts";
import type { Check, Scenario } from "../scenario.ts";
import { waitUntil } from "../wait-until.ts";

const HOUR_MS = 3_600_000;
const CLAIMS = [
  "lease_epoch = r.lease_epoch + 1, wake_at = NULL",
  "lease_epoch = lease_epoch + 1, wake_at = NULL",
];

/** Keeps a server from taking any run until the returned function is called. */
function holdClaims({ proxy }: ProxiedServer): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const claim of CLAIMS) {
    void proxy.intercept((request) => request.includes(claim), {
      before: async () => {
        await promise;
        return "pass";
      },
    });
  }
  return resolve;
}

function skewed(nodeid: string, offsetMs: number): Check<AdvancedWorld> {
  return {
    nodeid,
    run: async (world) => {
      const side = await world.side();
      const label = `skewed-${nodeid}`;
      const runId = await side.api.start("signaled_then_retried", label);
      await side.api.until(runId, "waiting_for_signal");
      await waitUntil("the run is parked", async () =>
        (await readHeads(side, [label])).every((head) => head.owner_worker_id === null),
      );
      await using worker = await startWorkerBeside(side, offsetMs);
      const release = holdClaims(side);
      const body = { name: "go", payload: 1, signal_id: label };
      assert.equal((await side.api.insist(`/runs/${runId}/signal`, body)).status, 200);
      await expectCompleted(side.api, runId);
      release();
      expectActedOnce(world.provider, label, ["busy", "last"]);
      await expectRecorded(side.api, runId, 2);

      const events = await side.api.events(runId);
      const times = events.map(({ occurred_at: at }) => Date.parse(at));
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
        "time went backwards in a history",
      );
      const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
      assert.ok(offsetMs > 0 ? span > HOUR_MS / 2 : span < HOUR_MS / 2, `it took ${span} ms`);
      for (const { place } of [side, worker])
        assert.doesNotMatch(place.output(), /counted as dead/, "a living worker was buried");
    },
  };
}

export const CLOCK_SKEW: Scenario<AdvancedWorld> = {
  id: "failure_injection_clock_skew",
  description: "A worker whose clock is an hour off keeps its lease, its order and its effects",
  isBackground: true,
  checks: [skewed("an_hour_ahead", HOUR_MS), skewed("an_hour_behind", -HOUR_MS)],
};
