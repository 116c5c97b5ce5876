/** Where a process may die with the most interesting consequences. A closed list; crash tests go through all of it. */
export const CRASH_POINTS = [
  "before_commit",
  "after_commit",
  "before_effect_sent",
  "after_effect_sent",
  "after_claim",
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];
