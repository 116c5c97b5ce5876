import type { EventEnvelope } from "../core/run-events.ts";
import { readEvents } from "../server/database/event-reader.ts";
import { INLINE_TENANT, startInlineRun } from "../server/runtime/testing/inline-runtime.ts";
import { PAYLOAD } from "./bench-runtime.ts";
import { percentile, type Benchmark, type BenchWorld } from "./benchmark.ts";
import { untilEnded } from "./load-runs.ts";

const RUNS = 20;
const WINDOW = 20;

/**
 * Whether a step late in a long run costs more than an early one. The time of a window is read off the stored events:
 * from the start of its first step to the end of its last, summed over many runs to beat the clock's millisecond.
 */
export const STEP_OVERHEAD: Benchmark = {
  name: "step-overhead",
  question: "What do steps 981 to 1,000 of a run cost, compared with steps 1 to 20?",
  async measure({ runtime, database, clear }) {
    await clear();
    const early: number[] = [];
    const late: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const { runId, status } = await startInlineRun(runtime, "bench.long-effect", PAYLOAD);
      await untilEnded(runtime, runId, status);
      const events = await allEvents(database, runId);
      const times = new Map<string, { from: number; to: number }>();
      for (const { event_type: type, payload, occurred_at: at } of events) {
        const { step_id: id } = payload;
        if (typeof id !== "string") continue;
        if (type === "step.started") times.set(id, { from: Date.parse(at), to: Number.NaN });
        if (type === "step.completed")
          times.set(id, { from: times.get(id)?.from ?? Number.NaN, to: Date.parse(at) });
      }
      const span = (first: number, last: number) =>
        (times.get(`s${last}`)?.to ?? Number.NaN) - (times.get(`s${first}`)?.from ?? Number.NaN);
      if (run < 3) continue;
      early.push(span(0, WINDOW - 1));
      late.push(span(1_000 - WINDOW, 999));
    }
    const sum = (times: readonly number[]) => times.reduce((total, time) => total + time, 0);
    return {
      name: "step-overhead",
      n: RUNS,
      c: 1,
      runs_s: null,
      steps_s: null,
      events_s: null,
      p50_ms: percentile(late, 0.5),
      p99_ms: percentile(late, 0.99),
      more: {
        early_ms: sum(early) / early.length,
        late_ms: sum(late) / late.length,
        late_to_early: sum(late) / sum(early),
      },
    };
  },
};

async function allEvents(
  database: BenchWorld["database"],
  runId: string,
): Promise<EventEnvelope[]> {
  const events: EventEnvelope[] = [];
  for (;;) {
    const after = events.at(-1)?.sequence ?? 0;
    const page = await readEvents(database, {
      tenantId: INLINE_TENANT,
      runId,
      after,
      limit: 10_000,
    });
    if (page.length === 0) return events;
    events.push(...page);
  }
}
