import { isApproved } from "../../core/approval.ts";
import { confirmationRequest, type ApprovalRequest } from "../../core/approval-request.ts";
import { undoItemOf } from "../../core/compensation.ts";
import type { Decision } from "../../core/decision.ts";
import { toErrorRecord } from "../../core/errors.ts";
import { approvalAt } from "../../core/fold-approval.ts";
import { approvalIdOf } from "../../core/ids.ts";
import { jsonChanges } from "../../core/json-changes.ts";
import { jsonEquals, type JsonObject } from "../../core/json.ts";
import { approvalStart } from "../../core/redrive-facts.ts";
import type { NewEvent, StepRef } from "../../core/run-events.ts";
import type { RunState } from "../../core/run-state.ts";
import { occurrenceKey } from "../../core/step.ts";
import type { CallAttempt } from "./call-attempt.ts";
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

/**
 * Asks people before a capability that requires confirmation is called, unless they have approved exactly this input.
 * True where they are asked, and nothing is to be sent now.
 */
export function asksFirst(
  session: RunSession,
  { step, ref, uses, attempt, input, call }: Omit<CallAttempt, "key">,
) {
  if (call.confirmation === null) return false;
  if (clearanceOf(session.history.state, ref, input) !== null) return false;
  const before = approvalAt(session.history.state, ref);
  const request = confirmationRequest(input, call.confirmation);
  const question = before?.kind === "confirmation" ? changedFrom(before.payload, request) : request;
  try {
    recordFacts(session, [asked(session, ref, question, uses === step.uses ? undefined : uses)]);
  } catch (error) {
    recordFacts(session, [{ type: "step.started", payload: { ...ref, attempt } }]);
    failAttempt(session, step, { ref, attempt, error: toErrorRecord(error) });
  }
  return true;
}

/** The approval under which exactly this input is sent: people have seen it and let it go out; null where none has. */
export function clearanceOf(state: RunState, ref: StepRef, input: JsonObject): string | null {
  const occurrence = state.steps.get(occurrenceKey(ref.step_id, ref.occurrence));
  const { approval, cleared } = occurrence ?? {};
  if (approval === undefined) return null;
  if (approval.kind === "replay" && approval.status === "approved") {
    if (jsonEquals(approval.payload["request"], input)) return approval.approval_id;
  } else if (isApproved(approval, hashJson(input))) return approval.approval_id;
  return cleared?.payloadHash === hashJson(input) ? cleared.approvalId : null;
}

/** What was approved is not what would be sent: whoever decides again sees both. */
function changedFrom(before: JsonObject, request: ApprovalRequest): ApprovalRequest {
  return { ...request, changes: jsonChanges(before, request.payload) };
}

/** The question itself: named after the event that asks it, which must be the next one. */
export function asked(
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
