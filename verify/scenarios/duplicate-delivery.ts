import assert from "node:assert/strict";
import type { JsonObject } from "../../core/json.ts";
import type { AdvancedWorld } from "../advanced-world.ts";
import { expectActedOnce, expectCompleted, expectRecorded } from "../expectations.ts";
import type { Scenario } from "../scenario.ts";

const TIMES = 8;

/** Sends the same request many times at once, and once more when all were answered. Answers the statuses. */
async function sendTwice(world: AdvancedWorld, path: string, body: JsonObject): Promise<number[]> {
  const { api } = world.main;
  const once = () => api.insist(path, body).then(({ status }) => status);
  const statuses = await Promise.all(Array.from({ length: TIMES }, once));
  return [...statuses, await once()];
}

async function countEvents({ main: { api } }: AdvancedWorld, runId: string, type: string) {
  return (await api.events(runId)).filter(({ event_type: each }) => each === type).length;
}

export const DUPLICATE_DELIVERY: Scenario<AdvancedWorld> = {
  id: "failure_injection_duplicate_delivery",
  description: "An approval, a signal or a resume that arrives many times counts once",
  checks: [
    {
      nodeid: "approve",
      run: async (world) => {
        const { api } = world.main;
        const label = "twice-approve";
        const runId = await api.start("approved", label);
        await api.until(runId, "waiting_for_human");
        const [asked] = await api.approvals(runId);
        assert.ok(asked);
        const statuses = await sendTwice(world, `/approvals/${asked.approval_id}/decide`, {
          decision: "approve",
          payload_hash: asked.payload_hash,
        });
        assert.deepEqual(new Set(statuses), new Set([200]));
        await expectCompleted(api, runId);
        assert.equal(await countEvents(world, runId, "approval.decided"), 1);
        expectActedOnce(world.provider, label, ["first", "last"]);
        await expectRecorded(api, runId, 2);
        const { code } = await api.refusal(`/approvals/${asked.approval_id}/decide`, {
          decision: "deny",
          comment: "Too late.",
          payload_hash: asked.payload_hash,
        });
        assert.equal(code, "approval_not_pending");
      },
    },
    {
      nodeid: "signal",
      run: async (world) => {
        const { api } = world.main;
        const label = "twice-signal";
        const runId = await api.start("signaled", label);
        await api.until(runId, "waiting_for_signal");
        const body = { name: "go", payload: 1, signal_id: label };
        const statuses = await sendTwice(world, `/runs/${runId}/signal`, body);
        assert.ok(statuses.every((status) => status === 200 || status === 409));
        assert.ok(statuses.includes(200));
        await expectCompleted(api, runId);
        assert.equal(await countEvents(world, runId, "signal.received"), 1);
        expectActedOnce(world.provider, label, ["first", "last"]);
        await expectRecorded(api, runId, 2);
      },
    },
    {
      nodeid: "resume",
      run: async (world) => {
        const { api } = world.main;
        const label = "twice-resume";
        const runId = await api.start("exhausted", label);
        assert.equal((await api.untilEnded(runId)).status, "failed");
        const statuses = await sendTwice(world, `/runs/${runId}/resume`, {});
        assert.ok(statuses.every((status) => status === 200 || status === 409));
        assert.ok(statuses.includes(200));
        await api.until(runId, "completed");
        await expectCompleted(api, runId);
        assert.equal(await countEvents(world, runId, "run.resumed"), 1);
        expectActedOnce(world.provider, label, ["first", "refused", "last"]);
        assert.equal(world.provider.requests.get(`${label} refused`), 2);
      },
    },
  ],
};
