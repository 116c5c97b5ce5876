"use client";

import { ChooseRuns } from "./choose-runs.tsx";
import { RunComparison } from "./run-comparison.tsx";
import { useComparison } from "./use-comparison.ts";

/** Two runs side by side, or the way to choose them. */
export function ComparePage() {
  const [{ a, b, step }, openStep] = useComparison();
  if (a === null || b === null) return <ChooseRuns a={a} b={b} />;
  return <RunComparison key={`${a} ${b}`} a={a} b={b} step={step} onOpen={openStep} />;
}
