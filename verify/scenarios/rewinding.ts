import assert from "node:assert/strict";
import { z } from "zod";
import type { BasicWorld } from "../basic-world.ts";
import type { VerifierClient } from "../client.ts";
import { expectActedOnce, expectCompleted } from "../expectations.ts";
import type { Scenario } from "../scenario.ts";

const RunSchema = z.object({ run: z.looseObject({ run_id: z.string(), status: z.string() }) });

/** Makes a new run out of another one; answers it. */
export async function rewind(
  api: VerifierClient,
  runId: string,
  verb: "replay" | "fork",
  body: Record<string, string | boolean> = {},
) {
  const answer = await api.insist(`/runs/${runId}/${verb}`, body);
  assert.equal(answer.status, 202, JSON.stringify(answer.body));
  return RunSchema.parse(answer.body).run;
}

async function completed({ api }: BasicWorld, label: string): Promise<string> {
  const runId = await api.start("chain", label);
  await expectCompleted(api, runId);
  return runId;
}

const RESUME: Scenario<BasicWorld> = {
  id: "resume",
  description: "A failed run goes on where it stopped; what completed is not run again",
  checks: [
    {
      nodeid: "failed_run_goes_on",
      run: async ({ api, provider }) => {
        const runId = await api.start("failing", "resume-failed");
        assert.equal((await api.untilEnded(runId)).status, "failed");
        const { status, body } = await api.insist(`/runs/${runId}/resume`, {});
        assert.equal(status, 200, JSON.stringify(body));
        await api.until(runId, "completed");
        await expectCompleted(api, runId);
        expectActedOnce(provider, "resume-failed", ["before", "refused", "after"]);
        assert.equal(provider.requests.get("resume-failed before"), 1);
      },
    },
    {
      nodeid: "completed_run_is_refused",
      run: async (world) => {
        const runId = await completed(world, "resume-completed");
        const { status, code } = await world.api.refusal(`/runs/${runId}/resume`, {});
        assert.deepEqual([status, code], [409, "invalid_transition"]);
      },
    },
    {
      nodeid: "killed_server_goes_on",
      run: async ({ api, place, provider }) => {
        const runId = await api.start("parked", "resume-killed");
        await api.until(runId, "waiting_for_signal");
        await place.end("SIGKILL");
        await place.start();
        const signal = { name: "go", payload: 1, signal_id: "resume-killed" };
        assert.equal((await api.insist(`/runs/${runId}/signal`, signal)).status, 200);
        await expectCompleted(api, runId);
        expectActedOnce(provider, "resume-killed", ["before", "after"]);
      },
    },
  ],
};

const REPLAY: Scenario<BasicWorld> = {
  id: "replay",
  description: "A replay is a new run from a checkpoint; its source stays as it is",
  checks: [
    {
      nodeid: "new_run_same_result",
      run: async (world) => {
        const { api, provider } = world;
        const source = await completed(world, "replay-source");
        const before = await api.events(source);
        const { run_id: replay } = await rewind(api, source, "replay", { step: "last" });
        assert.notEqual(replay, source);
        await expectCompleted(api, replay);
        assert.deepEqual(await api.events(source), before);
        assert.deepEqual((await api.getRun(replay)).outputs, (await api.getRun(source)).outputs);
        expectActedOnce(provider, "replay-source", ["first", "last"]);
      },
    },
    {
      nodeid: "missing_checkpoint_is_not_found",
      run: async (world) => {
        const source = await completed(world, "replay-missing");
        const body = { checkpoint_id: "chk_none" };
        const { status, code } = await world.api.refusal(`/runs/${source}/replay`, body);
        assert.deepEqual([status, code], [404, "checkpoint_not_found"]);
      },
    },
  ],
};

const FORK: Scenario<BasicWorld> = {
  id: "fork",
  description: "A fork is a new pending run that points at a checkpoint",
  checks: [
    {
      nodeid: "waits_until_it_is_resumed",
      run: async (world) => {
        const { api } = world;
        const source = await completed(world, "fork-source");
        const { run_id: fork, status } = await rewind(api, source, "fork", { step: "last" });
        assert.equal(status, "pending");
        assert.equal((await api.getRun(fork)).source_run_id, source);
        await api.insist(`/runs/${fork}/resume`, {});
        await expectCompleted(api, fork);
      },
    },
    {
      nodeid: "ids_are_unique_and_the_lineage_tells",
      run: async (world) => {
        const source = await completed(world, "fork-unique");
        const forks = [1, 2, 3].map(() => rewind(world.api, source, "fork"));
        const ids = (await Promise.all(forks)).map(({ run_id: id }) => id);
        assert.equal(new Set(ids).size, 3);
        const lineage = await world.api.lineage(source);
        assert.equal(lineage.root_run_id, source);
        assert.deepEqual(lineage.items.map(({ run_id: id }) => id).sort(), [source, ...ids].sort());
      },
    },
  ],
};

/** Resume, replay and fork as a client sees them. */
export const REWIND_SCENARIOS = [RESUME, REPLAY, FORK];
