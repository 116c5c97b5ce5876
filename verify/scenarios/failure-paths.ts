import assert from "node:assert/strict";
import type { AdvancedWorld } from "../advanced-world.ts";
import { expectCompleted, expectSoundHistory } from "../expectations.ts";
import type { Scenario } from "../scenario.ts";

const UNKNOWN = "run_0000000000000000000000000000";

export const FAILURE_PATHS: Scenario<AdvancedWorld> = {
  id: "failure_injection_paths",
  description: "Retries end, missing things are refused by name, a damaged history is noticed",
  checks: [
    {
      nodeid: "retry_exhaustion",
      run: async ({ main: { api }, provider }) => {
        const runId = await api.start("hopeless", "paths-hopeless");
        assert.equal((await api.untilEnded(runId)).status, "failed");
        assert.equal(provider.requests.get("paths-hopeless busy"), 3);
        assert.equal(provider.countActs().get("paths-hopeless busy"), undefined);
        await expectSoundHistory(api, runId);
      },
    },
    {
      nodeid: "missing_run_and_checkpoint",
      run: async ({ main: { api } }) => {
        for (const verb of ["resume", "replay", "fork", "signal", "pause", "cancel"]) {
          const body = verb === "signal" ? { name: "go" } : {};
          const { status, code } = await api.refusal(`/runs/${UNKNOWN}/${verb}`, body);
          assert.deepEqual([verb, status, code], [verb, 404, "run_not_found"]);
        }
        const runId = await api.start("chain", "paths-missing");
        await expectCompleted(api, runId);
        for (const verb of ["replay", "fork"]) {
          const body = { checkpoint_id: "chk_none" };
          const { status, code } = await api.refusal(`/runs/${runId}/${verb}`, body);
          assert.deepEqual([verb, status, code], [verb, 404, "checkpoint_not_found"]);
        }
      },
    },
    {
      nodeid: "damaged_history_is_noticed",
      run: async ({ main: { api, database } }) => {
        const runId = await api.start("chain", "paths-damaged");
        await expectCompleted(api, runId);
        await database.pool.query(
          `UPDATE event_segments SET body = convert_to(replace(convert_from(body, 'UTF8'), 'paths-damaged', 'paths-damagee'), 'UTF8')
           WHERE run_id = $1`,
          [runId],
        );
        const { code, message } = await api.refusal(`/runs/${runId}/checkpoints/latest/state`);
        assert.equal(code, "invalid_configuration");
        assert.match(message, /damaged at event \d+: its hash does not fit/);
      },
    },
  ],
};
