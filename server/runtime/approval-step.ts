import { isApproved, type GateQuestion } from "../../core/approval.ts";
import { isRuntimeQuestion, restrictedTo } from "../../core/approval-policy.ts";
import {
  confirmationRequest,
  gateRequest,
  type ApprovalRequest,
} from "../../core/approval-request.ts";
import { DEFAULT_APPROVAL_SECONDS } from "../../core/confirmation.ts";
import { undoItemOf } from "../../core/compensation.ts";
import type { Decision } from "../../core/decision.ts";
import { invariant, toErrorRecord } from "../../core/errors.ts";
import { approvalAt } from "../../core/fold-approval.ts";
import { approvalIdOf } from "../../core/ids.ts";
import { jsonChanges } from "../../core/json-changes.ts";
import { jsonEquals, type JsonObject } from "../../core/json.ts";
import { chosenPolicy } from "../../core/override-options.ts";
import { approvalStart } from "../../core/redrive-facts.ts";
import type { NewEvent, StepRef } from "../../core/run-events.ts";
import type { RunState } from "../../core/run-state.ts";
import { occurrenceKey } from "../../core/step.ts";
import type { CallAttempt } from "./call-attempt.ts";
import { hashJson } from "./effect-facts.ts";
import { compileJsonSchema } from "./json-schema-check.ts";
import { recordFacts, stepOf, stepPathOf, type RunSession } from "./run-session.ts";
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
type Called = Omit<CallAttempt, "key">;

/**
 * Asks people before a capability is called that requires confirmation, or for whose step it was chosen, unless they have
 * approved exactly this input. True where they are asked, and nothing is to be sent now.
 */
export function asksFirst(session: RunSession, called: Called): boolean {
  const { ref, input, call } = called;
  const confirmation = call.confirmation ?? chosenConfirmation(session, ref, call);
  if (confirmation === null) return false;
  if (clearanceOf(session.history.state, ref, input) !== null) return false;
  askAbout(session, called, confirmationRequest(input, confirmation, session.world.now()));
  return true;
}

/**
 * Asks people about a call that gates leave to them, or about its result, which is the payload then. One question for
 * all of these gates, and for the confirmation: who approves the payload has approved that it is sent.
 */
export function askForGates(
  session: RunSession,
  called: Called,
  { payload, reason, ...gate }: GateQuestion & { payload: JsonObject; reason: string },
): void {
  const question = called.call.gates?.question;
  invariant(question !== undefined, "only a call with gates is left to people by them");
  const now = session.world.now();
  askAbout(session, called, gateRequest(payload, gate, { ...question, reason }, now));
}

function askAbout(session: RunSession, called: Called, request: ApprovalRequest): void {
  const { step, ref, uses, attempt } = called;
  const { state } = session.history;
  const before = approvalAt(state, ref);
  const isAgain = before !== undefined && isBeforeCall(before) && isBeforeCall(request);
  const question = isAgain ? changedFrom(before.payload, request) : request;
  try {
    recordFacts(session, [asked(session, ref, question, uses === step.uses ? undefined : uses)]);
  } catch (error) {
    const key = occurrenceKey(ref.step_id, ref.occurrence);
    if (!state.frontier.running.has(key))
      recordFacts(session, [{ type: "step.started", payload: { ...ref, attempt } }]);
    failAttempt(session, step, { ref, attempt, error: toErrorRecord(error) });
  }
}

function chosenConfirmation(
  { history }: RunSession,
  ref: StepRef,
  { capabilityId }: CallAttempt["call"],
): CallAttempt["call"]["confirmation"] {
  if (chosenPolicy(history.state, ref) !== "require_human") return null;
  return {
    risk: "medium",
    reason: `Call ${capabilityId}? Its run was made to ask first.`,
    timeoutMs: DEFAULT_APPROVAL_SECONDS * 1_000,
    on_expiry: "deny",
  };
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

/** True for a question about what is to be sent. */
function isBeforeCall({ kind, gate }: Pick<ApprovalRequest, "kind" | "gate">): boolean {
  return kind === "confirmation" || gate?.phase === "pre_gate";
}

/** What was approved is not what would be sent: whoever decides again sees both. */
function changedFrom(before: JsonObject, request: ApprovalRequest): ApprovalRequest {
  return { ...request, changes: jsonChanges(before, request.payload) };
}

/** The question itself, asked of whom policy wants it asked: named after the event that asks it, which must be the next one. */
export function asked(
  session: RunSession,
  ref: StepRef,
  request: ApprovalRequest,
  uses?: string,
): NewEvent {
  const { runId, sequence, initiator } = session.history.state;
  const called = uses ?? stepOf(session, ref)?.uses ?? "";
  const restricted = isRuntimeQuestion(request.kind)
    ? restrictedTo(request, session.world.caller.askedTerms(called, request.kind))
    : request;
  return {
    type: "approval.requested",
    payload: {
      ...ref,
      step_path: stepPathOf(session, ref.step_id),
      approval_id: approvalIdOf(runId, sequence + 1),
      ...restricted,
      ...(uses === undefined ? {} : { uses }),
      ...(initiator === undefined ? {} : { requested_by: initiator }),
      payload_hash: hashJson(request.payload),
    },
  };
}
