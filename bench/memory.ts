import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { Benchmark } from "./benchmark.ts";

const FiguresSchema = z.object({
  runs: z.number(),
  start_ms: z.number(),
  active_runs: z.number(),
  rss_mb: z.number(),
  heap_kb_per_active_run: z.number(),
  heap_kb_per_parked_run: z.number(),
});

/** Memory of a process of its own, which has done nothing else before. */
export const MEMORY: Benchmark = {
  name: "memory-1000-active",
  question: "How much memory do 1,000 active runs of 20 steps take, and 1,000 parked ones?",
  async measure({ connectionString, clear }) {
    await clear();
    const script = join(import.meta.dirname, "memory-process.ts");
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--expose-gc",
      script,
      connectionString,
    ]);
    const { runs, start_ms: startMs, ...more } = FiguresSchema.parse(JSON.parse(stdout));
    return {
      name: "memory-1000-active",
      n: runs,
      c: 1,
      runs_s: runs / (startMs / 1000),
      steps_s: null,
      events_s: null,
      p50_ms: startMs / runs,
      p99_ms: startMs / runs,
      more,
    };
  },
};
