import assert from "node:assert/strict";
import { CheckpointStateSchema } from "../../server/api/checkpoint-schemas.ts";
import type { AdvancedWorld } from "../advanced-world.ts";
import { expectActedOnce, expectCompleted, expectRecorded } from "../expectations.ts";
import type { Scenario } from "../scenario.ts";
import { waitUntil } from "../wait-until.ts";

type Approvals = Awaited<ReturnType<AdvancedWorld["main"]["api"]["approvals"]>>;

/** Every checkpoint of a run with its state. */
async function statesOf({ main: { api } }: AdvancedWorld, runId: string) {
  const checkpoints = await api.checkpoints(runId);
  return Promise.all(
    checkpoints.map(({ checkpoint_id: id }) =>
      api.get(`/runs/${runId}/checkpoints/${id}/state`, CheckpointStateSchema),
    ),
  );
}

async function restart({ main: { place } }: AdvancedWorld, signal: "SIGKILL" | "SIGTERM") {
  await place.end(signal);
  await place.start();
}

/** Decides what is asked under this step, once somebody is asked. */
async function approve({ main: { api } }: AdvancedWorld, runId: string, step: string) {
  const isAsked = (approvals: Approvals) =>
    approvals.find(({ step_id: id, status }) => id === step && status === "pending") ?? null;
  const asked = await waitUntil(`${step} is asked`, async () =>
    isAsked(await api.approvals(runId)),
  );
  const { status, body } = await api.insist(`/approvals/${asked.approval_id}/decide`, {
    decision: "approve",
    payload_hash: asked.payload_hash,
  });
  assert.equal(status, 200, JSON.stringify(body));
}

export const RESTART_CONTINUITY: Scenario<AdvancedWorld> = {
  id: "restart_continuity",
  description: "What waits or failed goes on after a restart, and no completed step runs again",
  checks: [
    {
      nodeid: "two_approvals_side_by_side_and_one_after_them",
      run: async (world) => {
        const { api } = world.main;
        const label = "restart-approvals";
        const runId = await api.start("approved_thrice", label);
        const waiting = await api.start("signaled", "restart-waiting");
        await api.until(waiting, "waiting_for_signal");
        const before = await statesOf(world, waiting);

        await approve(world, runId, "left");
        await restart(world, "SIGKILL");
        await approve(world, runId, "right");
        await restart(world, "SIGTERM");
        await approve(world, runId, "finally");
        await expectCompleted(api, runId);
        expectActedOnce(world.provider, label, ["first", "between", "last"]);
        await expectRecorded(api, runId, 3);

        // The other one only waited: its checkpoints and their states are what they were.
        assert.deepEqual(await statesOf(world, waiting), before);
        const signal = { name: "go", payload: 1, signal_id: waiting };
        assert.equal((await api.insist(`/runs/${waiting}/signal`, signal)).status, 200);
        await expectCompleted(api, waiting);
        expectActedOnce(world.provider, "restart-waiting", ["first", "last"]);
      },
    },
    {
      nodeid: "failed_run_is_resumed_by_the_next_process",
      run: async (world) => {
        const { api } = world.main;
        const label = "restart-resume";
        const runId = await api.start("exhausted", label);
        assert.equal((await api.untilEnded(runId)).status, "failed");
        await restart(world, "SIGKILL");
        assert.equal((await api.insist(`/runs/${runId}/resume`, {})).status, 200);
        await api.until(runId, "completed");
        await expectCompleted(api, runId);
        expectActedOnce(world.provider, label, ["first", "refused", "last"]);
        assert.equal(world.provider.requests.get(`${label} first`), 1);
      },
    },
  ],
};
