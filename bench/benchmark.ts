import type { Database } from "../server/database/client.ts";
import type { Runtime } from "../server/runtime/runtime.ts";

/** What a benchmark may use: a runtime on a migrated, empty database on the machine at hand. */
export type BenchWorld = {
  runtime: Runtime;
  database: Database;
  connectionString: string;
  /** Everything is removed from the hot tables. */
  clear: () => Promise<void>;
};

/** One figure sheet. Rates per second, times in milliseconds; null where the figure has no meaning. */
export type BenchRow = {
  name: string;
  /** Runs (plans, flushes, requests) measured. */
  n: number;
  /** How many at a time. */
  c: number;
  runs_s: number | null;
  steps_s: number | null;
  events_s: number | null;
  p50_ms: number;
  p99_ms: number;
  /** Further figures of one benchmark, such as bytes of memory. */
  more?: Record<string, number>;
};

export type Benchmark = {
  name: string;
  /** The question that it answers. */
  question: string;
  measure: (world: BenchWorld) => Promise<BenchRow>;
};

/** The value below which the given share of the samples lies (nearest rank). */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
