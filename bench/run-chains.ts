import type { Benchmark } from "./benchmark.ts";
import { percentile } from "./benchmark.ts";
import { loadRuns } from "./load-runs.ts";

type Load = {
  name: string;
  question: string;
  skill: string;
  steps: number;
  runs: number;
  concurrency: number;
};

/** How many steps, events and runs go through the engine, each run counted from its start to its durable end. */
const LOADS: Load[] = [
  {
    name: "effect-chain-c1",
    question: "How long do 10 steps with effects take, one run at a time?",
    skill: "bench.effect-chain",
    steps: 10,
    runs: 200,
    concurrency: 1,
  },
  {
    name: "effect-chain-c64",
    question: "How many steps with effects per second, 64 runs at a time?",
    skill: "bench.effect-chain",
    steps: 10,
    runs: 2_000,
    concurrency: 64,
  },
  {
    name: "pure-chain-c1",
    question: "How long do 10 pure steps take, one run at a time?",
    skill: "bench.pure-chain",
    steps: 10,
    runs: 1_000,
    concurrency: 1,
  },
  {
    name: "pure-chain-c64",
    question: "How many pure steps per second, 64 runs at a time?",
    skill: "bench.pure-chain",
    steps: 10,
    runs: 10_000,
    concurrency: 64,
  },
  {
    name: "fan-c8",
    question: "How many steps with effects per second where 50 of 52 are side by side?",
    skill: "bench.fan",
    steps: 52,
    runs: 400,
    concurrency: 8,
  },
];

export const RUN_CHAINS: Benchmark[] = LOADS.map((load) => ({
  name: load.name,
  question: load.question,
  async measure({ runtime, clear }) {
    await clear();
    const before = runtime.stats();
    const { seconds, latenciesMs } = await loadRuns(
      runtime,
      load.skill,
      load.runs,
      load.concurrency,
    );
    const after = runtime.stats();
    return {
      name: load.name,
      n: load.runs,
      c: load.concurrency,
      runs_s: load.runs / seconds,
      steps_s: (load.runs * load.steps) / seconds,
      events_s: (after.events - before.events) / seconds,
      p50_ms: percentile(latenciesMs, 0.5),
      p99_ms: percentile(latenciesMs, 0.99),
      more: { flushes: after.flushes - before.flushes },
    };
  },
}));
