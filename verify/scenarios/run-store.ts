import assert from "node:assert/strict";
import { z } from "zod";
import { expectActedOnce, expectCompleted, expectRecorded } from "../expectations.ts";
import type { BasicWorld } from "../basic-world.ts";
import type { Scenario } from "../scenario.ts";

const UNKNOWN = "run_0000000000000000000000000000";
const RunsSchema = z.object({ items: z.array(z.object({ run_id: z.string() })) });

/** Runs are kept: made, found, listed, ended, and made once however often they are asked for. */
export const RUN_STORE: Scenario<BasicWorld> = {
  id: "run_store",
  description:
    "Runs are made, found, listed, completed and failed; unknown ones are refused by name",
  checks: [
    {
      nodeid: "create_and_complete",
      run: async ({ api, provider }) => {
        const runId = await api.start("chain", "store-complete");
        await expectCompleted(api, runId);
        expectActedOnce(provider, "store-complete", ["first", "last"]);
        await expectRecorded(api, runId, 2);
      },
    },
    {
      nodeid: "fail_keeps_the_reason",
      run: async ({ api }) => {
        const ended = await api.untilEnded(await api.start("failing", "store-fail"));
        assert.equal(ended.status, "failed");
        assert.equal(ended.error?.details?.["step_id"] ?? "refused", "refused");
        assert.match(ended.error?.message ?? "", /422/);
      },
    },
    {
      nodeid: "list_finds_it",
      run: async ({ api }) => {
        const runId = await api.start("chain", "store-list");
        const { items } = await api.get("/runs?skill=verify.chain&limit=500", RunsSchema);
        assert.ok(items.some(({ run_id: id }) => id === runId));
      },
    },
    {
      nodeid: "same_key_same_run",
      run: async ({ api, provider }) => {
        const starts = Array.from({ length: 8 }, () => api.start("chain", "store-once"));
        const runIds = new Set(await Promise.all(starts));
        assert.equal(runIds.size, 1);
        for (const runId of runIds) await expectCompleted(api, runId);
        expectActedOnce(provider, "store-once", ["first", "last"]);
      },
    },
    {
      nodeid: "unknown_run_is_not_found",
      run: async ({ api }) => {
        for (const path of ["", "/events", "/checkpoints", "/effects"]) {
          const { status, code } = await api.refusal(`/runs/${UNKNOWN}${path}`);
          assert.deepEqual([path, status, code], [path, 404, "run_not_found"]);
        }
      },
    },
  ],
};
