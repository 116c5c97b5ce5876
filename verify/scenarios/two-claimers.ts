import assert from "node:assert/strict";
import type { AdvancedWorld } from "../advanced-world.ts";
import { expectActedOnce, expectCompleted, expectRecorded } from "../expectations.ts";
import { readHeads, startWorkerBeside } from "../side-lane.ts";
import type { DatabaseProxy } from "../faults/database-proxy.ts";
import type { Scenario } from "../scenario.ts";
import { waitUntil } from "../wait-until.ts";

/** The statements that take what is due, and one run that a command waits for (server/database/run-leases.ts). */
const TAKES_DUE = "lease_epoch = r.lease_epoch + 1, wake_at = NULL";
const TAKES_ONE = "lease_epoch = lease_epoch + 1, wake_at = NULL";
const RUNS = 20;

/** Holds the next such statement of each proxy until all of them have one, and `isTime`; then lets them go at once. */
function race(
  proxies: readonly DatabaseProxy[],
  statement: string,
  isTime: () => boolean = () => true,
): Promise<void[]> {
  let arrived = 0;
  return Promise.all(
    proxies.map((proxy) =>
      proxy.intercept((request) => request.includes(statement), {
        before: async () => {
          arrived += 1;
          await waitUntil("all reach for it", () => arrived === proxies.length && isTime());
          return "pass";
        },
      }),
    ),
  );
}

export const TWO_CLAIMERS: Scenario<AdvancedWorld> = {
  id: "failure_injection_two_claimers",
  description: "Of two workers that reach for the same run at the same moment, one has it",
  isBackground: true,
  checks: [
    {
      nodeid: "due_runs",
      run: async (world) => {
        const side = await world.side();
        await using worker = await startWorkerBeside(side);
        const startAt = Date.now() + 1_500;
        const labels = Array.from({ length: RUNS }, (_, index) => `claimed-due-${index}`);
        const more = { start_at: new Date(startAt).toISOString() };
        const raced = race([side.proxy, worker.proxy], TAKES_DUE, () => Date.now() > startAt + 500);
        const runIds = await Promise.all(
          labels.map((label) => side.api.start("chain", label, more)),
        );
        await raced;
        for (const [index, label] of labels.entries()) {
          await expectCompleted(side.api, runIds[index] ?? "");
          expectActedOnce(world.provider, label, ["first", "last"]);
          await expectRecorded(side.api, runIds[index] ?? "", 2);
        }
        const epochs = (await readHeads(side, labels)).map((head) => head.lease_epoch);
        assert.deepEqual(new Set(epochs), new Set([2]), "a run was taken more than once");
      },
    },
    {
      nodeid: "one_run_for_a_signal",
      run: async (world) => {
        const side = await world.side();
        await using worker = await startWorkerBeside(side);
        const label = "claimed-one";
        const runId = await side.api.start("signaled", label);
        await side.api.until(runId, "waiting_for_signal");
        await waitUntil("the run is parked", async () =>
          (await readHeads(side, [label])).every((head) => head.owner_worker_id === null),
        );
        const raced = race([side.proxy, worker.proxy], TAKES_ONE);
        const body = { name: "go", payload: 1, signal_id: label };
        const signaled = side.api.insist(`/runs/${runId}/signal`, body);
        await raced;
        assert.equal((await signaled).status, 200);
        await expectCompleted(side.api, runId);
        expectActedOnce(world.provider, label, ["first", "last"]);
        await expectRecorded(side.api, runId, 2);
      },
    },
  ],
};
