import { DomainError } from "./errors.ts";

export const RUN_STATUSES = [
  "pending",
  "running",
  "paused",
  "waiting_for_human",
  "waiting_for_signal",
  "replaying",
  "compensating",
  "completed",
  "failed",
  "canceled",
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** Where each status may lead (`contract.md` §4). `failed` and `canceled` are left by `run.resumed` only. */
export const NEXT_RUN_STATUSES: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  pending: ["running", "replaying", "failed", "canceled"],
  running: [
    "paused",
    "waiting_for_human",
    "waiting_for_signal",
    "compensating",
    "completed",
    "failed",
    "canceled",
  ],
  paused: ["running", "canceled"],
  waiting_for_human: ["running", "failed", "canceled"],
  waiting_for_signal: ["running", "failed", "canceled"],
  replaying: ["running", "waiting_for_human", "paused", "completed", "failed", "canceled"],
  compensating: ["failed", "canceled"],
  completed: [],
  failed: ["running"],
  canceled: ["running"],
};

/** True for a status that a run only leaves by being resumed, if at all. */
export function isTerminal(status: RunStatus): boolean {
  return status === "completed" || status === "failed" || status === "canceled";
}

/** The refusal of a transition that the state machine does not have. */
export function invalidTransition(
  runId: string,
  from: RunStatus,
  to: RunStatus,
  hint = whatElse(from),
): DomainError {
  return new DomainError("invalid_transition", `Run ${runId} is ${from} and cannot become ${to}.`, {
    hint,
    details: { run_id: runId, from, to },
  });
}

function whatElse(status: RunStatus): string {
  if (!isTerminal(status))
    return `From ${status} a run can become ${NEXT_RUN_STATUSES[status].join(", ")}.`;
  return `It has ended; ${status === "completed" ? "replay it" : "resume it, replay it"} or start a new run with the same inputs.`;
}
