import type { ReplayPlanView } from "./run-view.ts";

/** A plan's totals in words, such as `14 reused`, `3 run again`, `1 asks`; what there is none of is left out. */
export function planTotalWords(totals: ReplayPlanView["totals"]): string[] {
  const counts: [number, string][] = [
    [totals.reuse, "reused"],
    [totals.run, "run again"],
    [totals.wait, totals.wait === 1 ? "waits" : "wait"],
    [totals.skip, "skipped"],
    [totals.ask, totals.ask === 1 ? "asks" : "ask"],
    [totals.blocked, "blocked"],
  ];
  return counts.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]));
}
