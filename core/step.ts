export const STEP_STATUSES = [
  "pending",
  "ready",
  "running",
  "retry_scheduled",
  "waiting_for_human",
  "waiting_for_signal",
  "completed",
  "failed",
  "skipped",
  "degraded",
  "canceled",
  "compensated",
] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

/** True once a step (or one occurrence of it) has come to its end. */
export function isStepEnded(status: StepStatus): boolean {
  return ENDED.has(status);
}

/** True where the step's dependants may go on. */
export function satisfiesDependants(status: StepStatus): boolean {
  return (
    status === "completed" ||
    status === "skipped" ||
    status === "degraded" ||
    status === "compensated"
  );
}

const ENDED: ReadonlySet<StepStatus> = new Set([
  "completed",
  "failed",
  "skipped",
  "degraded",
  "canceled",
  "compensated",
]);

/** Names one occurrence: the step alone, or `<step>#<loop key>` inside foreach, while and scatter. */
export function occurrenceKey(stepId: string, occurrence: string | undefined): string {
  return occurrence === undefined ? stepId : `${stepId}#${occurrence}`;
}
