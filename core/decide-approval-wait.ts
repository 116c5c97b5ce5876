import { approvalOutput, type Approval } from "./approval.ts";
import { parseApprovalRequest } from "./approval-request.ts";
import { record, type Decision, type Stop } from "./decision.ts";
import { DomainError } from "./errors.ts";
import { doubtAnswerOf, effectAskedAbout } from "./effect-question.ts";
import { endWait } from "./end-wait.ts";
import { isJsonObject, type JsonObject } from "./json.ts";
import type { NewEvent, StepRef } from "./run-events.ts";
import type { PlanStep } from "./run-plan.ts";
import type { RunState, StepState } from "./run-state.ts";

/** Begins a `wait.approval`. Throws DomainError naming the input that is wrong. */
export function startApproval(step: PlanStep, state: RunState, now: number): Decision {
  const input = step.input.resolve(state.scope);
  const request = parseApprovalRequest(step.id, input, now);
  return { kind: "ask", step, ref: { step_id: step.id }, input, request };
}

/**
 * What follows from an approval that a step waits for: a form's step completes, a confirmed call is made with the
 * approved payload, a result that a gate had held back is taken in, time that is up has its chosen outcome. Null while people have time. A denial stops the run
 * instead (`stopByDenial`).
 */
export function decideApprovalWait(
  step: PlanStep,
  state: RunState,
  ref: StepRef,
  occurrence: StepState,
  now: number,
): Decision | null {
  const { approval, wait } = occurrence;
  if (approval === undefined) return null;
  if (approval.kind === "in_doubt" && approval.status === "denied")
    return stopInDoubt(ref, occurrence, approval);
  if (approval.status === "approved") return goOn(step, state, ref, occurrence, approval);
  const isOver = wait !== undefined && wait.until !== null && now >= wait.until;
  if (approval.status !== "pending" || !isOver) return null;
  const { approval_id: approvalId, on_expiry: outcome } = approval;
  const expired: NewEvent = {
    type: "approval.expired",
    payload: { ...ref, approval_id: approvalId, outcome },
  };
  if (outcome === "deny") return record(expired);
  if (outcome === "continue" && approval.kind === "form") {
    const output = approvalOutput({ ...approval, status: "expired" });
    return record(expired, ...endWait(step, state, ref, output));
  }
  if (approval.kind === "in_doubt") {
    const why = "nobody said in time whether it happened";
    return record(expired, inDoubtFailure(ref, occurrence, approval, why));
  }
  if (outcome === "continue") {
    // What nobody approved is neither sent nor taken in.
    const reason = `nobody decided approval ${approvalId} in time`;
    return record(expired, { type: "step.degraded", payload: { ...ref, reason } });
  }
  const error = new DomainError("step_timeout", `Nobody decided approval ${approvalId} in time.`, {
    hint: "Decide sooner, raise timeout_seconds, or choose another on_expiry.",
    details: { step_id: ref.step_id, approval_id: approvalId },
  }).toRecord();
  const attempt = Math.max(occurrence.attempt, 1);
  return record(expired, { type: "step.failed", payload: { ...ref, attempt, error } });
}

function goOn(
  step: PlanStep,
  state: RunState,
  ref: StepRef,
  occurrence: StepState,
  approval: Approval,
): Decision {
  if (approval.kind === "form")
    return record(...endWait(step, state, ref, approvalOutput(approval)));
  // The call was made; what people let in is its output.
  if (approval.gate?.phase === "post_gate")
    return record(...endWait(step, state, ref, approval.payload));
  const answer = doubtAnswerOf(approval);
  const isAboutOwn = occurrence.effect?.effectId === effectAskedAbout(approval);
  if (answer?.outcome === "happened" && isAboutOwn)
    return record(...endWait(step, state, ref, answer.result));
  return {
    kind: "call",
    step,
    ref,
    uses: occurrence.uses ?? step.uses,
    input: inputOf(occurrence, approval),
    attempt: occurrence.attempt + 1,
  };
}

/** What is sent: the payload that people approved, or the request inside it. */
function inputOf({ input = {} }: StepState, { kind, payload }: Approval): JsonObject {
  if (kind === "in_doubt") return input;
  const { request } = payload;
  return kind === "replay" && isJsonObject(request) ? request : payload;
}

function stopInDoubt(ref: StepRef, occurrence: StepState, approval: Approval): Decision {
  const last = approval.decisions.at(-1);
  const comment = last?.comment === undefined ? "" : `: ${last.comment}`;
  const why = `${last?.name ?? "somebody"} stopped it${comment}`;
  return record(inDoubtFailure(ref, occurrence, approval, why));
}

function inDoubtFailure(
  ref: StepRef,
  occurrence: StepState,
  approval: Approval,
  why: string,
): NewEvent {
  const effectId = effectAskedAbout(approval);
  const error = new DomainError(
    "effect_in_doubt",
    `Step ${ref.step_id} has an effect of which nobody knows whether it happened; ${why}.`,
    {
      hint: `Say what happened with POST /api/v1/effects/${effectId ?? "{effect_id}"}/resolve, then resume the run.`,
      details: { step_id: ref.step_id, effect_id: effectId, approval_id: approval.approval_id },
    },
  ).toRecord();
  const attempt = Math.max(occurrence.attempt, 1);
  return { type: "step.failed", payload: { ...ref, attempt, error } };
}

/** The end that a denial is for the whole run (`contract.md` §4); null where nobody denied anything. */
export function stopByDenial({ denial }: RunState): Stop | null {
  if (denial === undefined) return null;
  const { isPushBack: _kept, ...why } = denial;
  return { kind: "cancel", ...why };
}
