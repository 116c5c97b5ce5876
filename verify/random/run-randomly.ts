import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { isTerminal, RUN_STATUSES } from "../../core/run.ts";
import { partsOf, type RandomSkill } from "./random-skills.ts";
import type { RandomWorld } from "./random-world.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** A run that was started, and what it was started as. */
export type StartedRun = { runId: string; label: string; skill: RandomSkill };

/** Runs under way at once: more than the processes have room for, so that some are always due. */
const LANES = 40;
const LOOK_EVERY_MS = 100;
/** A run that does not end within this is reported as stuck. */
const LIMIT_MS = 120_000;

/** Starts so many runs of random skills, so many at once, and waits until each stands still. */
export async function runRandomly(
  world: RandomWorld,
  skills: readonly RandomSkill[],
  options: { count: number; random: SeededRandom; tell: (done: number) => void },
): Promise<StartedRun[]> {
  const { count, random, tell } = options;
  const wanted = Array.from({ length: count }, (_, index) => ({
    label: `run-${index}`,
    skill: random.pick(skills),
  }));
  const started: StartedRun[] = [];
  let [next, done] = [0, 0];
  async function lane(): Promise<void> {
    for (let want = wanted[next]; want !== undefined; want = wanted[next]) {
      next += 1;
      const { label, skill } = want;
      const inputs = { run: label, parts: partsOf(label) };
      const runId = await world.api.start(skill.id, label, { inputs });
      started.push({ runId, label, skill });
      await untilStill(world, runId);
      tell((done += 1));
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane));
  return started;
}

const StatusesSchema = z.array(z.object({ status: z.enum(RUN_STATUSES) }));

/** Until the run has ended or waits for a person; asked of the database, since any server may be dead just now. */
async function untilStill({ database }: RandomWorld, runId: string): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (performance.now() < deadline) {
    const { rows } = await database.pool.query("SELECT status FROM runs WHERE run_id = $1", [
      runId,
    ]);
    const [run] = StatusesSchema.parse(rows);
    if (run !== undefined && (isTerminal(run.status) || run.status === "waiting_for_human")) return;
    await sleep(LOOK_EVERY_MS);
  }
}
