import assert from "node:assert/strict";
import type { AdvancedWorld } from "../advanced-world.ts";
import { expectActedOnce, expectCompleted, expectRecorded } from "../expectations.ts";
import { fillDisk } from "../faults/full-disk.ts";
import type { Scenario } from "../scenario.ts";
import { waitUntil } from "../wait-until.ts";

const RUNS = 30;

function startMany({ main: { api } }: AdvancedWorld, name: string) {
  const labels = Array.from({ length: RUNS }, (_, index) => `${name}-${index}`);
  return { labels, starts: labels.map((label) => api.start("slow", label)) };
}

async function expectAllDone(world: AdvancedWorld, labels: string[], starts: Promise<string>[]) {
  for (const [index, label] of labels.entries()) {
    const runId = (await starts[index]) ?? "";
    await expectCompleted(world.main.api, runId);
    expectActedOnce(world.provider, label, ["first", "last"]);
    await expectRecorded(world.main.api, runId, 2);
  }
}

export const DATABASE_KILLED: Scenario<AdvancedWorld> = {
  id: "failure_injection_database_killed",
  description:
    "PostgreSQL, killed with SIGKILL under load and restarted, has lost nothing that was told",
  isAlone: true,
  checks: [
    {
      nodeid: "under_load",
      run: async (world) => {
        const { labels, starts } = startMany(world, "database-killed");
        await waitUntil("calls are under way", () =>
          world.provider.requests.has(`${labels[0]} first`),
        );
        await world.postgres.kill();
        const { place } = world.main;
        await waitUntil(
          "the server notices",
          async () => (await fetch(`${place.url}/readyz`)).status === 503,
        );
        await world.postgres.start();
        await expectAllDone(world, labels, starts);
        return `${RUNS} runs under way`;
      },
    },
  ],
};

export const DISK_FULL: Scenario<AdvancedWorld> = {
  id: "failure_injection_disk_full",
  description: "While the database's disk is full (53100), runs stall; with room again they go on",
  checks: [
    {
      nodeid: "runs_stall_and_go_on",
      run: async (world) => {
        const { place, database } = world.main;
        const disk = await fillDisk(database.pool);
        try {
          const { labels, starts } = startMany(world, "disk-full");
          await waitUntil("the server is told 53100", () =>
            /"?code"?: ?"?53100/.test(place.output()),
          );
          const acknowledged = await Promise.race([
            Promise.all(starts).then(() => true),
            // Nothing that cannot be stored is acknowledged; half a second is long for a start.
            new Promise<false>((resolve) => setTimeout(resolve, 500, false)),
          ]);
          assert.equal(acknowledged, false, "starts were acknowledged that could not be stored");
          await disk.free();
          await expectAllDone(world, labels, starts);
        } finally {
          await disk.remove();
        }
        return `by ${disk.means}`;
      },
    },
  ],
};
