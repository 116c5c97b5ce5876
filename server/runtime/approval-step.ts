import { isApproved } from "../../core/approval.ts";
import { confirmationRequest, type ApprovalRequest } from "../../core/approval-request.ts";
import { undoItemOf } from "../../core/compensation.ts";
import type { Decision } from "../../core/decision.ts";
import { toErrorRecord } from "../../core/errors.ts";
import { approvalAt } from "../../core/fold-approval.ts";
import { approvalIdOf } from "../../core/ids.ts";
import { jsonChanges } from "../../core/json-changes.ts";
import type { JsonObject } from "../../core/json.ts";
import { approvalStart } from "../../core/redrive-facts.ts";
import type { NewEvent, StepRef } from "../../core/run-events.ts";
import type { PlanStep } from "../../core/run-plan.ts";
import type { PreparedCall } from "./capability-caller.ts";
import { hashJson } from "./effect-facts.ts";
import { compileJsonSchema } from "./json-schema-check.ts";
import { recordFacts, stepPathOf, type RunSession } from "./run-session.ts";
import { beginStep, failAttempt } from "./step-outcome.ts";

/** Begins a `wait.approval`, or asks about an undoing that failed: the step waits from now on, and the question is in the history. */
export function startApprovalStep(
  session: RunSession,
  decision: Extract<Decision, { kind: "ask" }>,
): void {
  const { step, ref, request } = decision;
  const undone = undoItemOf(session.history.state, ref);
  if (undone !== null) {
    // What failed is not begun again before people say so.
    recordFacts(session, [asked(session, ref, request, undone.uses)]);
    return;
  }
  const started = approvalStart(decision);
  if (started.type !== "step.started" || !beginStep(session, step, started, [])) return;
  try {
    if (request.form_schema !== undefined) {
      compileJsonSchema(request.form_schema, "payload", `form_schema of step ${step.id}`);
    }
    recordFacts(session, [asked(session, ref, request)]);
  } catch (error) {
    const failure = toErrorRecord(error);
    recordFacts(session, [
      { type: "step.failed", payload: { ...ref, attempt: 1, error: failure } },
    ]);
  }
}

/** A call that may be about to go out. */
type Call = {
  step: PlanStep;
  ref: StepRef;
  uses: string;
  attempt: number;
  input: JsonObject;
  call: PreparedCall;
};

/**
 * Asks people before a capability that requires confirmation is called, unless they have approved exactly this input.
 * True where they are asked, and nothing is to be sent now.
 */
export function asksFirst(session: RunSession, { step, ref, uses, attempt, input, call }: Call) {
  if (call.confirmation === null) return false;
  const before = approvalAt(session.history.state, ref);
  if (isApproved(before, hashJson(input))) return false;
  const request = confirmationRequest(input, call.confirmation);
  const question = before === undefined ? request : changedFrom(before.payload, request);
  try {
    recordFacts(session, [asked(session, ref, question, uses === step.uses ? undefined : uses)]);
  } catch (error) {
    recordFacts(session, [{ type: "step.started", payload: { ...ref, attempt } }]);
    failAttempt(session, step, { ref, attempt, error: toErrorRecord(error) });
  }
  return true;
}

/** What was approved is not what would be sent: whoever decides again sees both. */
function changedFrom(before: JsonObject, request: ApprovalRequest): ApprovalRequest {
  return { ...request, changes: jsonChanges(before, request.payload) };
}

/** The question itself: named after the event that asks it, which must be the next one. */
function asked(
  session: RunSession,
  ref: StepRef,
  request: ApprovalRequest,
  uses?: string,
): NewEvent {
  const { runId, sequence, initiator } = session.history.state;
  return {
    type: "approval.requested",
    payload: {
      ...ref,
      step_path: stepPathOf(session, ref.step_id),
      approval_id: approvalIdOf(runId, sequence + 1),
      ...request,
      ...(uses === undefined ? {} : { uses }),
      ...(initiator === undefined ? {} : { requested_by: initiator }),
      payload_hash: hashJson(request.payload),
    },
  };
}
