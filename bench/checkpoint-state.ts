import { createCheckpointStates } from "../server/runtime/checkpoint-states.ts";
import { INLINE_TENANT, startInlineRun } from "../server/runtime/testing/inline-runtime.ts";
import { readRunEvents } from "../server/database/event-reader.ts";
import { BENCH_CATALOG } from "./bench-runtime.ts";
import { percentile, type Benchmark } from "./benchmark.ts";
import { untilEnded } from "./load-runs.ts";

/** Each step keeps a value of so many characters: the state ends at 5 MB. */
const KEPT = { value: "x".repeat(1_000) };
const READS = 200;

/** How long it takes to rebuild what a run once was, at checkpoints all along a run of 5,000 steps. */
export const CHECKPOINT_STATE: Benchmark = {
  name: "checkpoint-state",
  question: "How long does the state at a checkpoint take in a run of 5,000 steps with up to 5 MB?",
  async measure({ runtime, database, clear }) {
    await clear();
    const { runId, status } = await startInlineRun(runtime, "bench.keeping", KEPT);
    await untilEnded(runtime, runId, status);
    const run = { tenantId: INLINE_TENANT, runId };
    const checkpoints: number[] = [];
    for (let after = 0; ;) {
      const { events } = await readRunEvents(database, { ...run, after, limit: 10_000 });
      if (events.length === 0) break;
      for (const { type, sequence } of events)
        if (type === "checkpoint.saved") checkpoints.push(sequence);
      after = events.at(-1)?.sequence ?? 0;
    }
    const states = createCheckpointStates({
      pool: database.pool,
      catalogs: { getCatalog: () => Promise.resolve(BENCH_CATALOG), forget: () => {} },
    });
    const latencies: number[] = [];
    /** What this process computed meanwhile: says more than the clock on a machine that is busy with something else. */
    const computed: number[] = [];
    for (let read = 0; read < READS; read += 1) {
      // A stride that is no divisor, so that early and late ones take turns.
      const index = Math.floor(((read * 61) % READS) * ((checkpoints.length - 1) / READS));
      const cpu = process.cpuUsage();
      const startedAt = performance.now();
      await states.findRun(run, checkpoints[index] ?? 0);
      latencies.push(performance.now() - startedAt);
      const { user, system } = process.cpuUsage(cpu);
      computed.push((user + system) / 1000);
    }
    return {
      name: "checkpoint-state",
      n: READS,
      c: 1,
      runs_s: null,
      steps_s: null,
      events_s: null,
      p50_ms: percentile(latencies, 0.5),
      p99_ms: percentile(latencies, 0.99),
      more: {
        p95_ms: percentile(latencies, 0.95),
        cpu_p50_ms: percentile(computed, 0.5),
        cpu_p95_ms: percentile(computed, 0.95),
      },
    };
  },
};
