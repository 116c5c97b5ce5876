import { isTerminal, type RunStatus } from "../core/run.ts";
import type { Runtime } from "../server/runtime/runtime.ts";
import { INLINE_TENANT, startInlineRun } from "../server/runtime/testing/inline-runtime.ts";
import { PAYLOAD } from "./bench-runtime.ts";

type LoadFigures = { seconds: number; latenciesMs: number[] };

/** Starts `count` runs, `concurrency` at a time, each counted from its start to its durable end. */
export async function loadRuns(
  runtime: Runtime,
  skillId: string,
  count: number,
  concurrency: number,
): Promise<LoadFigures> {
  const latenciesMs: number[] = [];
  let started = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (started < count) {
        started += 1;
        const from = performance.now();
        const { runId, status } = await startInlineRun(runtime, skillId, PAYLOAD);
        await untilEnded(runtime, runId, status);
        latenciesMs.push(performance.now() - from);
      }
    }),
  );
  return { seconds: (performance.now() - startedAt) / 1000, latenciesMs };
}

/** Resolves once the run's end is durable. To be called in the turn in which its start was answered. */
export function untilEnded(runtime: Runtime, runId: string, status: RunStatus): Promise<void> {
  if (isTerminal(status)) return Promise.resolve();
  return new Promise((resolve) => {
    const unsubscribe = runtime.subscribe(INLINE_TENANT, runId, (_head, now) => {
      if (!isTerminal(now)) return;
      unsubscribe();
      resolve();
    });
  });
}
