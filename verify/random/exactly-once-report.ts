import type { Doubt } from "./judge-run.ts";

/** What `verify:exactly-once` found. */
export type ExactlyOnceReport = {
  generated_at: string;
  status: "passed" | "failed";
  contract: "exactly_once_v1";
  seed: number;
  duration_seconds: number;
  machine: { cpu: string; cores: number; memory_gb: number; node: string };
  runs: {
    started: number;
    nested: number;
    completed: number;
    failed: Record<string, number>;
    waiting_for_human: number;
  };
  /** SIGKILLs by process. */
  kills: Record<string, number>;
  effects: { total: number; by_status: Record<string, number> };
  provider: {
    requests: number;
    acts: number;
    /** Places that it did twice or more often. Must be none. */
    repeated: string[];
    /** Places that a completed run has and the provider never did. Must be none. */
    lost: string[];
  };
  in_doubt: Doubt[];
  violations: string[];
};
