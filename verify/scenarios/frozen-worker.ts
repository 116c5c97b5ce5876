import assert from "node:assert/strict";
import type { AdvancedWorld } from "../advanced-world.ts";
import { expectActedOnce, expectCompleted, expectSoundHistory } from "../expectations.ts";
import { readHeads, startWorkerBeside } from "../side-lane.ts";
import type { Scenario } from "../scenario.ts";
import { waitUntil } from "../wait-until.ts";

/** Its call is under way; the same at a provider without keys; its call is announced and not sent yet. */
const [HELD, PLAIN, UNSENT] = ["frozen-held", "frozen-plain", "frozen-unsent"];
const LABELS = [HELD, PLAIN, UNSENT];

export const FROZEN_WORKER: Scenario<AdvancedWorld> = {
  id: "failure_injection_frozen_worker",
  description:
    "A process frozen (SIGSTOP) beyond its lease that wakes up and writes changes nothing and repeats nothing",
  isBackground: true,
  checks: [
    {
      nodeid: "wakes_up_and_writes",
      run: async (world) => {
        const { provider } = world;
        const side = await world.side();
        await using worker = await startWorkerBeside(side);
        assert.ok(worker.place.pid());
        const held = await side.api.start("held", HELD);
        const plain = await side.api.start("held_plain", PLAIN);
        await waitUntil("both calls are under way", () =>
          [HELD, PLAIN].every((label) => provider.requests.has(`${label} held`)),
        );
        const frozen = side.proxy.intercept(
          (request) => request.includes('"side_effect.attempted"') && request.includes(UNSENT),
          { after: async () => void process.kill(side.place.pid() ?? 0, "SIGSTOP") },
        );
        const starting = side.api.start("chain", UNSENT);
        await frozen;

        await waitUntil("another took over and asked again", () => {
          return (provider.requests.get(`${HELD} held`) ?? 0) > 1;
        });
        provider.release(`${HELD} held`);
        provider.release(`${PLAIN} held`);
        const statuses = async () => (await readHeads(side, LABELS)).map(({ status }) => status);
        await waitUntil("the others' runs stand still", async () => {
          const [first, second = "", third] = await statuses();
          const isInDoubt = ["failed", "waiting_for_human"].includes(second);
          return first === "completed" && isInDoubt && third === "completed";
        });
        const before = await readHeads(side, LABELS);

        process.kill(side.place.pid() ?? 0, "SIGCONT");
        await waitUntil("the woken process knows", () =>
          /counted as dead|lets the run go/.test(side.place.output()),
        );
        const unsent = await starting;
        // It works again, and what it writes now stands after whatever it tried to write before.
        await expectCompleted(side.api, await side.api.start("chain", "frozen-after"));
        assert.deepEqual(await readHeads(side, LABELS), before);
        for (const runId of [held, plain, unsent]) await expectSoundHistory(side.api, runId);
        expectActedOnce(provider, HELD, ["held", "last"]);
        expectActedOnce(provider, UNSENT, ["first", "last"]);
        expectActedOnce(provider, PLAIN, ["held"]);
        const [effect] = await side.api.effects(plain);
        assert.equal(effect?.status, "in_doubt");
      },
    },
  ],
};
