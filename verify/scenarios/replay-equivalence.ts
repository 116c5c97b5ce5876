import assert from "node:assert/strict";
import { checkPack } from "../../server/packs/check-pack.ts";
import { readPack } from "../../server/packs/read-pack.ts";
import { redriveEvents } from "../../server/packs/redrive-events.ts";
import type { AdvancedWorld } from "../advanced-world.ts";
import { expectActedOnce, expectCompleted } from "../expectations.ts";
import type { Scenario } from "../scenario.ts";
import { rewind } from "./rewinding.ts";

async function completed({ main: { api } }: AdvancedWorld, label: string): Promise<string> {
  const runId = await api.start("chain", label);
  await expectCompleted(api, runId);
  return runId;
}

export const REPLAY_EQUIVALENCE: Scenario<AdvancedWorld> = {
  id: "replay_equivalence",
  description: "A replay from any checkpoint ends as its source did and repeats no effect",
  checks: [
    {
      nodeid: "from_every_checkpoint",
      run: async (world) => {
        const { api } = world.main;
        const label = "replay-every";
        const source = await completed(world, label);
        const before = await api.events(source);
        const replays = new Set<string>();
        for (const { checkpoint_id: id } of await api.checkpoints(source)) {
          const replay = await rewind(api, source, "replay", { checkpoint_id: id });
          replays.add(replay.run_id);
          await expectCompleted(api, replay.run_id);
          const run = await api.getRun(replay.run_id);
          assert.equal(run.source_run_id, source);
          assert.equal(run.lineage_root_run_id, source);
          assert.deepEqual(run.outputs, (await api.getRun(source)).outputs);
        }
        assert.equal(replays.size, (await api.checkpoints(source)).length);
        assert.deepEqual(await api.events(source), before, "the source was written to");
        expectActedOnce(world.provider, label, ["first", "last"]);
        return `${replays.size} replays`;
      },
    },
    {
      nodeid: "killed_in_the_middle",
      run: async (world) => {
        const { api, place, proxy } = world.main;
        const label = "replay-killed";
        const source = await completed(world, label);
        const killed = proxy.intercept((request) => request.includes('"run.replaying"'), {
          after: async () => void (await place.end("SIGKILL")),
        });
        const restarted = killed.then(() => place.start());
        const replaying = api.insist(`/runs/${source}/replay`, { step: "last" }, `${label}-replay`);
        await restarted;
        assert.equal((await replaying).status, 202);
        const { items } = await api.lineage(source);
        assert.equal(items.length, 2, "the replay was asked for twice under one key");
        for (const { run_id: runId } of items) await expectCompleted(api, runId);
        expectActedOnce(world.provider, label, ["first", "last"]);
      },
    },
    {
      nodeid: "packed_and_driven_again_offline",
      run: async (world) => {
        const { place } = world.main;
        const source = await completed(world, "replay-packed");
        const response = await fetch(`${place.url}/api/v1/runs/${source}/pack`, {
          headers: { authorization: `Bearer ${place.apiKey}` },
        });
        assert.equal(response.status, 200);
        const pack = await readPack(Buffer.from(await response.arrayBuffer()));
        const { plan, events } = checkPack(pack);
        const { checked, differences } = await redriveEvents(plan, pack.run, events, () => {});
        assert.deepEqual(differences, []);
        assert.equal(checked, events.length);
        return `identical ${checked}/${events.length} offline`;
      },
    },
  ],
};
