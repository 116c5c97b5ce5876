import assert from "node:assert/strict";
import { z } from "zod";
import { isTerminal } from "../../core/run.ts";
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
  const held = Promise.withResolvers<void>();
  const over = new AbortController();
  const hold = async () => {
    await held.promise;
    return "pass" as const;
  };
  // A signal makes the server reach for the run more than once: for its sender, at the notice, and when it polls.
  for (const claim of [...CLAIMS, ...CLAIMS, ...CLAIMS, ...CLAIMS]) {
    const isClaim = (request: Buffer) => request.includes(claim);
    void proxy.intercept(isClaim, { before: hold }, over.signal);
  }
  return () => {
    over.abort();
    held.resolve();
  };
}

/** Lets a worker whose clock is off take the run up, while nobody else can. */
async function runSkewed(side: ProxiedServer, runId: string, label: string, offsetMs: number) {
  await using worker = await startWorkerBeside(side, offsetMs);
  const saidBefore = side.place.output().length;
  const release = holdClaims(side);
  const body = { name: "go", payload: 1, signal_id: label };
  // The server answers once it may look for the run itself.
  const signaled = side.api.send(`/runs/${runId}/signal`, body);
  await waitUntil("the skewed worker ends the run", async () =>
    (await readHeads(side, [label])).every(({ status }) => isTerminal(status)),
  );
  release();
  await signaled;
  for (const said of [side.place.output().slice(saidBefore), worker.place.output()])
    assert.doesNotMatch(said, /counted as dead/, "a living worker was buried");
}

const DurationSchema = z.looseObject({ duration_ms: z.number().optional() });

const OFFSETS = { ahead: HOUR_MS, behind: -HOUR_MS };

const AN_HOUR_OFF: Check<AdvancedWorld> = {
  nodeid: "an_hour_ahead_and_behind",
  run: async (world) => {
    const side = await world.side();
    const runs = new Map<string, string>();
    for (const name of Object.keys(OFFSETS))
      runs.set(name, await side.api.start("signaled_then_retried", `skewed-${name}`));
    await waitUntil("the runs are parked", async () =>
      (
        await readHeads(
          side,
          [...runs.keys()].map((name) => `skewed-${name}`),
        )
      ).every((head) => head.owner_worker_id === null && head.status === "waiting_for_signal"),
    );
    for (const [name, offsetMs] of Object.entries(OFFSETS)) {
      const label = `skewed-${name}`;
      const runId = runs.get(name) ?? "";
      await runSkewed(side, runId, label, offsetMs);
      await expectCompleted(side.api, runId);
      expectActedOnce(world.provider, label, ["busy", "last"]);
      await expectRecorded(side.api, runId, 2);
      const events = await side.api.events(runId);
      const times = events.map(({ occurred_at: at }) => Date.parse(at));
      const shiftMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
      // Times never go back: with a clock that is behind, all that follows has the last time before.
      const parkedAt =
        times[events.findIndex((event) => event.event_type === "signal.received") - 1];
      assert.ok(
        offsetMs > 0 ? shiftMs > HOUR_MS / 2 : times.at(-1) === parkedAt,
        `the skewed worker did not take it: the history spans ${shiftMs} ms`,
      );
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
        "times went back",
      );
      for (const { payload } of events) {
        const { duration_ms: duration = 0 } = DurationSchema.parse(payload);
        assert.ok(duration >= 0 && duration < HOUR_MS / 2, `a step took ${duration} ms`);
      }
    }
  },
};

export const CLOCK_SKEW: Scenario<AdvancedWorld> = {
  id: "failure_injection_clock_skew",
  description: "A worker whose clock is an hour off keeps its lease, its order and its effects",
  isBackground: true,
  checks: [AN_HOUR_OFF],
};
