import { cpus, totalmem } from "node:os";
import { buildPages } from "../scripts/build-pages.ts";
import { generateClient } from "../scripts/generate-client.ts";
import { COMMON_OPTIONS, createSay, endOnSignals, readOptions, writeReport } from "./options.ts";
import type { ExactlyOnceReport } from "./random/exactly-once-report.ts";
import { judgeAll } from "./random/judge-all.ts";
import { makeRandomSkills, type RandomSkill } from "./random/random-skills.ts";
import { openRandomWorld, type RandomWorld } from "./random/random-world.ts";
import { runRandomly } from "./random/run-randomly.ts";
import { createSeededRandom, type SeededRandom } from "./random/seeded-random.ts";
import { killAtRandom } from "./random/unruly-processes.ts";
import { waitUntil } from "./wait-until.ts";

const REPORT = "artifacts/exactly-once.json";
const SKILLS = 24;

const HELP = `npm run verify:exactly-once -- [--runs 1000] [--seed 1] [--report-file ${REPORT}] [--json]

Runs random skills (effects, retries, parallel branches, loops, nested skills, timers) against the sandbox provider,
which refuses, fails, loses answers and is late, while a server and two workers are killed with SIGKILL at random
moments. Then compares every effect in the ledger with the provider's own log: done exactly once, or in doubt with the
reason, none silently repeated, none lost.

  --runs N               how many runs (default: 1000)
  --seed N               of the skills, the faults and the kills; moments are the machine's (default: 1)
  --report-file FILE     where the report goes (default: ${REPORT})
  --json                 the report on the standard output, progress on the standard error

Example: npm run verify:exactly-once -- --runs 40 --seed 7
Exit codes: 0 nothing was found, 1 something was, 2 called wrongly.
`;

const { values } = readOptions({
  options: {
    ...COMMON_OPTIONS,
    runs: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
  },
});
if (values.help) {
  process.stdout.write(HELP);
} else {
  const [count, seed] = [Number(values.runs), Number(values.seed)];
  if (Number.isInteger(count) && count > 0 && Number.isInteger(seed) && seed >= 0) {
    await verifyExactlyOnce(count, seed);
  } else {
    process.stderr.write("--runs and --seed are whole numbers. See --help.\n");
    process.exitCode = 2;
  }
}

async function verifyExactlyOnce(count: number, seed: number): Promise<void> {
  const say = createSay(values.json);
  endOnSignals();
  await generateClient();
  await buildPages();
  const startedAt = performance.now();
  await using closers = new AsyncDisposableStack();
  const random = createSeededRandom(seed);
  const skills = makeRandomSkills(random, SKILLS);
  const documents = Object.assign({}, ...skills.map(({ document }) => document));
  const world = await openRandomWorld(closers, seed, documents);
  const { started, kills } = await runUnderKills(world, skills, { count, seed, random, say });
  await untilNothingRuns(world);
  const findings = await judgeAll(world, started);
  const report: ExactlyOnceReport = {
    generated_at: new Date().toISOString(),
    status: findings.violations.length === 0 ? "passed" : "failed",
    contract: "exactly_once_v1",
    seed,
    duration_seconds: Math.round((performance.now() - startedAt) / 1000),
    machine: {
      cpu: cpus()[0]?.model ?? "",
      cores: cpus().length,
      memory_gb: Math.round(totalmem() / 1e9),
      node: process.version,
    },
    kills,
    ...findings,
  };
  const file = values["report-file"] ?? REPORT;
  writeReport(file, report);
  say(`\n${summaryOf(report)}\n`);
  say(
    `verify:exactly-once ${report.status} in ${report.duration_seconds} s; the report is ${file}`,
  );
  if (values.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = report.status === "passed" ? 0 : 1;
}

async function runUnderKills(
  world: RandomWorld,
  skills: readonly RandomSkill[],
  options: { count: number; seed: number; random: SeededRandom; say: (line: string) => void },
) {
  const { count, seed, random, say } = options;
  await using unruly = killAtRandom(world.places, (index) => createSeededRandom(seed + 1 + index));
  const tell = (done: number) => {
    if (done % 50 === 0) say(`${done} of ${count} runs, ${sumOf(unruly.kills)} kills`);
  };
  const running = runRandomly(world, skills, { count, random, tell });
  const started = await Promise.race([running, unruly.failed]);
  return { started, kills: unruly.kills };
}

/** Nested runs of failed ones may still be on their way to their end. A run that hangs is reported, not waited for. */
async function untilNothingRuns({ database }: RandomWorld): Promise<void> {
  await waitUntil("nothing runs any more", async () => {
    const { rowCount } = await database.pool.query(
      `SELECT 1 FROM runs r WHERE status NOT IN ('completed', 'failed', 'canceled', 'waiting_for_human')
       AND NOT EXISTS (SELECT 1 FROM runs c WHERE c.parent_run_id = r.run_id
         AND c.status NOT IN ('completed', 'failed', 'canceled'))`,
    );
    return rowCount === 0;
  }).catch(() => undefined);
}

function summaryOf({ runs, kills, effects, provider, in_doubt, violations }: ExactlyOnceReport) {
  const counts = (record: Record<string, number>) =>
    Object.entries(record)
      .map(([name, count]) => `${count} ${name}`)
      .join(", ");
  return [
    `runs        ${runs.started} started, ${runs.nested} nested; ${runs.completed} completed, failed: ${counts(runs.failed) || "none"}, ${runs.waiting_for_human} wait for a person`,
    `kills       ${sumOf(kills)}: ${counts(kills)}`,
    `effects     ${effects.total}: ${counts(effects.by_status)}`,
    `provider    ${provider.requests} requests, ${provider.acts} acts, ${provider.repeated.length} repeated, ${provider.lost.length} lost`,
    `in doubt    ${in_doubt.length}, each with its reason`,
    `violations  ${violations.length}`,
    ...violations.slice(0, 20).map((violation) => `  ${violation}`),
  ].join("\n");
}

function sumOf(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
