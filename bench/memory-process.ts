import { setTimeout as sleep } from "node:timers/promises";
import { createDatabase } from "../server/database/client.ts";
import { startInlineRun } from "../server/runtime/testing/inline-runtime.ts";
import { PAYLOAD, startBenchRuntime } from "./bench-runtime.ts";

/** Holds 1,000 runs of 20 steps at their last step, waits until they are parked, and prints what both cost. */
const RUNS = 1_000;
const connectionString = process.argv[2] ?? "";
const database = createDatabase(connectionString, { poolSize: 10 });
const runtime = await startBenchRuntime(database.pool, connectionString);

function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const before = heapBytes();
const startedAt = performance.now();
for (let count = 0; count < RUNS; count += 1)
  await startInlineRun(runtime, "bench.waiting", PAYLOAD);
const startMs = performance.now() - startedAt;
const activeRuns = runtime.stats().activeRuns;
const { rss } = process.memoryUsage();
const held = heapBytes();
for (let tries = 0; tries < 100 && runtime.stats().activeRuns > 0; tries += 1) await sleep(100);
const parked = heapBytes();
await runtime.stop();
await database.close();
process.stdout.write(
  JSON.stringify({
    runs: RUNS,
    start_ms: startMs,
    active_runs: activeRuns,
    rss_mb: rss / 1e6,
    heap_kb_per_active_run: (held - before) / RUNS / 1e3,
    heap_kb_per_parked_run: (parked - before) / RUNS / 1e3,
  }),
);
