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

const TreeSchema = z.array(
  z.object({ status: z.enum(RUN_STATUSES), events: z.int(), is_moving: z.boolean() }),
);

/** A run around a nested one that waits for people goes on with its other steps; after so long without an event it has none. */
const STILL_AFTER_MS = 10_000;

/** Until the run has ended or waits for a person; asked of the database, since any server may be dead just now. */
async function untilStill(world: RandomWorld, runId: string): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  let [events, since] = [0, 0];
  while (performance.now() < deadline) {
    const run = await lookAt(world, runId);
    if (run !== null && (isTerminal(run.status) || run.status === "waiting_for_human")) return;
    if (run !== null && run.events !== events) [events, since] = [run.events, performance.now()];
    if (run?.is_moving === false && performance.now() - since > STILL_AFTER_MS) return;
    await sleep(LOOK_EVERY_MS);
  }
}

/** A run with its nested ones: it moves while one of them is open that neither waits for people nor for another. */
async function lookAt({ database }: RandomWorld, runId: string) {
  const { rows } = await database.pool.query(
    `WITH RECURSIVE tree AS (
       SELECT run_id, parent_run_id, status, head_sequence FROM runs WHERE run_id = $1
       UNION ALL
       SELECT r.run_id, r.parent_run_id, r.status, r.head_sequence FROM runs r JOIN tree t ON r.parent_run_id = t.run_id
     ), open AS (SELECT * FROM tree WHERE status NOT IN ('completed', 'failed', 'canceled'))
     SELECT (SELECT status FROM tree WHERE run_id = $1), (SELECT sum(head_sequence)::int FROM tree) AS events,
       EXISTS (SELECT 1 FROM open o WHERE o.status <> 'waiting_for_human'
         AND NOT EXISTS (SELECT 1 FROM open c WHERE c.parent_run_id = o.run_id)) AS is_moving
     WHERE EXISTS (SELECT 1 FROM tree)`,
    [runId],
  );
  return TreeSchema.parse(rows)[0] ?? null;
}
