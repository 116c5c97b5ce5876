import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, totalmem, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createDatabase, type Database } from "../server/database/client.ts";
import { startEmbeddedPostgres } from "../server/database/embedded-postgres.ts";
import { migrate } from "../server/database/migrate.ts";
import { startBenchRuntime } from "./bench-runtime.ts";
import type { Benchmark, BenchRow } from "./benchmark.ts";
import { CHECKPOINT_STATE } from "./checkpoint-state.ts";
import { EFFECT_SEARCH } from "./effect-search.ts";
import { JOURNAL_RAW } from "./journal-raw.ts";
import { MEMORY } from "./memory.ts";
import { PLAN_BENCHMARKS } from "./plan.ts";
import { RUN_CHAINS } from "./run-chains.ts";
import { START_LATENCY } from "./start-latency.ts";
import { STEP_OVERHEAD } from "./step-overhead.ts";

const BENCHMARKS: Benchmark[] = [
  ...RUN_CHAINS,
  JOURNAL_RAW,
  ...PLAN_BENCHMARKS,
  STEP_OVERHEAD,
  MEMORY,
  START_LATENCY,
  EFFECT_SEARCH,
  CHECKPOINT_STATE,
];

const HELP = `npm run bench -- [--json out.json] [--database-url URL] [--only NAME]... [--repeat 3]

Measures the engine on this machine. Each figure is the median of the repeats; the first warm-up does not count.
Without --database-url an embedded PostgreSQL of its own is started, with fsync on. The database must be empty.

${BENCHMARKS.map(({ name, question }) => `  ${name.padEnd(20)} ${question}`).join("\n")}
`;

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    "database-url": { type: "string" },
    only: { type: "string", multiple: true },
    repeat: { type: "string", default: "3" },
    help: { type: "boolean", short: "h", default: false },
  },
});

if (values.help) {
  process.stdout.write(HELP);
} else {
  const wanted = BENCHMARKS.filter(
    ({ name }) => values.only === undefined || values.only.includes(name),
  );
  if (wanted.length === 0) {
    process.stderr.write(`No benchmark has that name.\n\n${HELP}`);
    process.exit(2);
  }
  await main(wanted, Number(values.repeat));
}

async function main(wanted: readonly Benchmark[], repeats: number): Promise<void> {
  await using closers = new AsyncDisposableStack();
  const connectionString = values["database-url"] ?? (await openPostgres(closers));
  await migrate(connectionString);
  const database = createDatabase(connectionString, { poolSize: 10 });
  closers.defer(() => database.close());
  const runtime = await startBenchRuntime(database.pool, connectionString);
  closers.defer(() => runtime.stop());
  const world = { runtime, database, connectionString, clear: () => clear(database) };
  const rows: BenchRow[] = [];
  for (const benchmark of wanted) {
    const repeated: BenchRow[] = [];
    await benchmark.measure(world);
    for (let round = 0; round < repeats; round += 1) repeated.push(await benchmark.measure(world));
    const row = medianOf(repeated);
    rows.push(row);
    process.stdout.write(`${lineOf(row)}\n`);
  }
  const report = { meta: await metaOf(database, repeats), rows };
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
}

async function openPostgres(closers: AsyncDisposableStack): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), "orca-bench-"));
  const postgres = await startEmbeddedPostgres({ dataDir });
  closers.defer(async () => {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return postgres.connectionString;
}

/** Ends what the measurement before left to do: its files of the log are there to be written again, as in a server that runs. */
async function clear(database: Database): Promise<void> {
  await database.pool.query(
    "TRUNCATE runs, event_segments, effects, effect_search, run_commands, snapshots",
  );
  await database.pool.query("CHECKPOINT");
}

/** The figures of the repeat whose median time lies in the middle; `more` goes with it. */
function medianOf(rows: readonly BenchRow[]): BenchRow {
  const sorted = [...rows].sort((a, b) => (b.steps_s ?? -b.p50_ms) - (a.steps_s ?? -a.p50_ms));
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error("nothing was measured");
  return middle;
}

function lineOf(row: BenchRow): string {
  const figure = (value: number | null, unit: string) =>
    (value === null ? "" : `${round(value).toLocaleString("en")} ${unit}`).padStart(18);
  const more = Object.entries(row.more ?? {}).map(([name, value]) => `${name} ${round(value)}`);
  return [
    row.name.padEnd(20),
    figure(row.runs_s, "runs/s"),
    figure(row.steps_s, "steps/s"),
    figure(row.events_s, "events/s"),
    figure(row.p50_ms, "ms p50"),
    figure(row.p99_ms, "ms p99"),
    `  ${more.join(", ")}`,
  ].join("");
}

function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100;
}

async function metaOf(database: Database, repeats: number) {
  const { rows } = await database.pool.query<{ name: string; setting: string }>(
    `SELECT name, setting || coalesce(' ' || unit, '') AS setting FROM pg_settings
     WHERE name IN ('server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_wal_size', 'wal_compression')`,
  );
  return {
    measured_at: new Date().toISOString(),
    repeats,
    machine: {
      cpu: cpus()[0]?.model ?? "",
      cores: cpus().length,
      memory_gb: Math.round(totalmem() / 1e9),
    },
    versions: { node: process.version },
    postgres: Object.fromEntries(rows.map(({ name, setting }) => [name, setting])),
    commit: commitId(),
  };
}

function commitId(): string | null {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return null;
  }
}
