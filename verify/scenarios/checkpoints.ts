import assert from "node:assert/strict";
import { z } from "zod";
import {
  CheckpointStateSchema,
  CheckpointViewSchema,
} from "../../server/api/checkpoint-schemas.ts";
import type { BasicWorld } from "../basic-world.ts";
import { expectCompleted } from "../expectations.ts";
import type { Scenario } from "../scenario.ts";

const StateSchema = z.looseObject({ vars: z.record(z.string(), z.json()).optional() });

/** The checkpoints of a run that completed, oldest first. */
async function checkpointsOf({ api }: BasicWorld, label: string) {
  const runId = await api.start("chain", label);
  await expectCompleted(api, runId);
  const checkpoints = await api.checkpoints(runId);
  return { runId, checkpoints: checkpoints.sort((a, b) => a.sequence - b.sequence) };
}

/** A position in a history is kept, found again, and tells the state as it was. */
export const CHECKPOINT: Scenario<BasicWorld> = {
  id: "checkpoint",
  description: "The state at a checkpoint is rebuilt exactly, checked against its hash",
  checks: [
    {
      nodeid: "every_boundary_has_one",
      run: async (world) => {
        const { checkpoints } = await checkpointsOf(world, "checkpoint-kinds");
        const kinds = checkpoints.map(({ kind }) => kind);
        assert.equal(kinds[0], "run_started");
        assert.equal(kinds.at(-1), "run_finished");
        assert.equal(kinds.filter((kind) => kind === "step_completed").length, 3);
      },
    },
    {
      nodeid: "parents_form_one_line",
      run: async (world) => {
        const { checkpoints } = await checkpointsOf(world, "checkpoint-parents");
        const parents = checkpoints.map(({ parent_checkpoint_id: parent }) => parent);
        const before = checkpoints.map((_, index) => checkpoints[index - 1]?.checkpoint_id ?? null);
        assert.deepEqual(parents, before);
      },
    },
    {
      nodeid: "state_round_trip",
      run: async (world) => {
        const { runId, checkpoints } = await checkpointsOf(world, "checkpoint-state");
        for (const checkpoint of checkpoints) {
          const path = `/runs/${runId}/checkpoints/${checkpoint.checkpoint_id}/state`;
          const first = await world.api.get(path, CheckpointStateSchema);
          assert.deepEqual(first.checkpoint, checkpoint);
          assert.deepEqual(await world.api.get(path, CheckpointStateSchema), first);
        }
      },
    },
    {
      nodeid: "state_holds_what_steps_wrote",
      run: async (world) => {
        const { runId, checkpoints } = await checkpointsOf(world, "checkpoint-vars");
        const varsAt = async (id: string) => {
          const path = `/runs/${runId}/checkpoints/${id}/state`;
          const { state } = await world.api.get(path, CheckpointStateSchema);
          return Object.keys(StateSchema.parse(state).vars ?? {});
        };
        assert.deepEqual(await varsAt(checkpoints[0]?.checkpoint_id ?? ""), []);
        assert.deepEqual(await varsAt("latest"), ["first", "look", "last"]);
      },
    },
  ],
};

/** Checkpoints are listed, found, kept for good where somebody wants that, and belong to their run. */
export const CHECKPOINT_MANAGER: Scenario<BasicWorld> = {
  id: "checkpoint_manager",
  description: "Checkpoints are listed, found by id or as the latest, pinned, and refused by name",
  checks: [
    {
      nodeid: "latest_is_the_last",
      run: async (world) => {
        const { runId, checkpoints } = await checkpointsOf(world, "manager-latest");
        const latest = await world.api.get(
          `/runs/${runId}/checkpoints/latest`,
          CheckpointViewSchema,
        );
        assert.deepEqual(latest, checkpoints.at(-1));
      },
    },
    {
      nodeid: "pin_and_unpin",
      run: async (world) => {
        const { runId, checkpoints } = await checkpointsOf(world, "manager-pin");
        const path = `/runs/${runId}/checkpoints/${checkpoints[1]?.checkpoint_id ?? ""}`;
        for (const verb of ["pin", "pin", "unpin"]) {
          const { status, body } = await world.api.insist(`${path}/${verb}`, {});
          assert.equal(status, 200, JSON.stringify(body));
          assert.equal((await world.api.get(path, CheckpointViewSchema)).pinned, verb === "pin");
        }
      },
    },
    {
      nodeid: "another_runs_checkpoint_is_not_found",
      run: async (world) => {
        const one = await checkpointsOf(world, "manager-one");
        const other = await checkpointsOf(world, "manager-other");
        for (const id of [other.checkpoints[0]?.checkpoint_id ?? "", "chk_none"]) {
          const refused = await world.api.refusal(`/runs/${one.runId}/checkpoints/${id}`);
          assert.deepEqual([refused.status, refused.code], [404, "checkpoint_not_found"]);
        }
      },
    },
  ],
};
