import { DomainError, type ErrorRecord } from "../../core/errors.ts";
import { isJsonObject } from "../../core/json.ts";

/** The run did not end in its time. */
export function deadlineError(deadlineAt: number): ErrorRecord {
  return new DomainError("step_timeout", "The run did not end before its deadline.", {
    hint: "Raise timeout_seconds of the skill or of the run.",
    details: { deadline_at: new Date(deadlineAt).toISOString() },
  }).toRecord();
}

/** An attempt did not answer in its time. */
export function timeoutError(stepId: string, timeoutMs: number): DomainError {
  return new DomainError(
    "step_timeout",
    `Step ${stepId} did not answer within ${timeoutMs / 1000} s.`,
    {
      hint: "Raise config.timeout_seconds, or look why the service is slow.",
      details: { step_id: stepId, timeout_ms: timeoutMs },
    },
  );
}

/** A nested run ended otherwise than well. However deep the nesting, the first cause is told once, not each run on the way up. */
export function childError(childRunId: string, status: string, cause: unknown): ErrorRecord {
  const first = firstCauseOf(cause);
  const message = first === null ? "." : `: ${first.message}`;
  return new DomainError(
    first?.code === "step_timeout" ? "step_timeout" : "upstream_failure",
    `The nested run ${childRunId} ended ${status}${message}`,
    {
      hint: "Open the nested run to see why.",
      details: { child_run_id: childRunId, status, ...(first === null ? {} : { cause: first }) },
    },
  ).toRecord();
}

/** The cause that a nested run's own nested run had already told, or else the error itself. */
function firstCauseOf(error: unknown): { code: string; message: string } | null {
  if (!isJsonObject(error)) return null;
  const { code, message, details } = error;
  const told =
    isJsonObject(details) && "child_run_id" in details ? firstCauseOf(details["cause"]) : null;
  if (told !== null) return told;
  return typeof code === "string" && typeof message === "string" ? { code, message } : null;
}
