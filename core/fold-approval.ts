import { foldDecision, isApproved, type Approval, type ApprovalTerms } from "./approval.ts";
import { isUndo } from "./compensation.ts";
import { moveStep, takeReady } from "./frontier.ts";
import type { EventPayloads, RunEvent, StepRef } from "./run-events.ts";
import type { GatePhase } from "./policy-gate.ts";
import type { Plan, PlanStep } from "./run-plan.ts";
import type { RunState, StepState } from "./run-state.ts";
import { occurrenceKey } from "./step.ts";

type ApprovalEvent = Extract<
  RunEvent,
  {
    type:
      | "approval.requested"
      | "approval.claimed"
      | "approval.released"
      | "approval.reassigned"
      | "approval.decided"
      | "approval.expired";
  }
>;

/** Folds what happens to an approval, in place: the step waits for it until it is decided. */
export function foldApproval(
  plan: Plan,
  state: RunState,
  step: PlanStep,
  event: ApprovalEvent,
  beginsOccurrence: () => void,
): void {
  if (event.type === "approval.requested") {
    requested(plan, state, step, event.payload, beginsOccurrence);
    return;
  }
  const approval = approvalAt(state, event.payload);
  if (approval?.approval_id !== event.payload.approval_id) return;
  switch (event.type) {
    case "approval.claimed": {
      const { approver, name } = event.payload;
      approval.claimed_by = { approver, name };
      return;
    }
    case "approval.released":
      delete approval.claimed_by;
      return;
    case "approval.reassigned":
      approval.eligible = event.payload.eligible;
      delete approval.claimed_by;
      return;
    case "approval.decided": {
      const { step_id: _step, occurrence: _occurrence, ...fact } = event.payload;
      foldDecision(approval, fact, event.at);
      const { comment, name, push_back: pushBack } = fact;
      // Whoever stops a step in doubt stops this step, and undoing that is denied leaves one effect standing; any other
      // denial ends the run.
      const isOfStep = approval.kind === "in_doubt" || isUndo(event.payload);
      if ((approval.status === "denied" && !isOfStep) || pushBack !== undefined) {
        const did =
          pushBack === undefined
            ? `denied ${step.id}`
            : `pushed ${step.id} back to ${pushBack.step}`;
        const reason = `${name} ${did}${comment === undefined ? "" : `: ${comment}`}`;
        state.denial ??= {
          reason,
          actor: fact.approver,
          ...(pushBack === undefined ? {} : { isPushBack: true }),
        };
      }
      return;
    }
    case "approval.expired":
      approval.status = "expired";
      if (event.payload.outcome === "deny") {
        state.denial ??= { reason: `nobody decided approval ${approval.approval_id} in time` };
      }
  }
}

function requested(
  plan: Plan,
  state: RunState,
  step: PlanStep,
  payload: EventPayloads["approval.requested"],
  beginsOccurrence: () => void,
): void {
  const { step_id, occurrence, step_path: _path, uses, ...terms } = payload;
  const key = occurrenceKey(step_id, occurrence);
  const before = state.steps.get(key);
  const cleared = clearedBy(before?.approval);
  const until = terms.expires_at === undefined ? null : Date.parse(terms.expires_at);
  state.steps.set(key, {
    ...before,
    status: "waiting_for_human",
    attempt: attemptBefore(before, terms),
    ...(uses === undefined ? {} : { uses }),
    ...(cleared === null ? {} : { cleared }),
    wait: { kind: "approval", name: null, until, onTimeout: "fail" },
    approval: { ...terms, status: "pending", decisions: [] },
  });
  if (occurrence === undefined) takeReady(state.frontier, step.index);
  else if (before === undefined) beginsOccurrence();
  moveStep(state, plan, key, step, "waiting_for_human", false);
}

/** An attempt that people are asked about before its call has not been made: it begins again once they approve. */
function attemptBefore(before: StepState | undefined, { kind, gate }: ApprovalTerms): number {
  const attempt = before?.attempt ?? 0;
  const isBeforeCall = kind === "confirmation" || gate?.phase === "pre_gate";
  return before?.status === "running" && isBeforeCall ? Math.max(attempt - 1, 0) : attempt;
}

/** A question about an effect takes the place of the approval that its call has, which stays given. */
function clearedBy(approval: Approval | undefined): NonNullable<StepState["cleared"]> | null {
  const isBeforeCall = approval?.kind === "confirmation" || approval?.gate?.phase === "pre_gate";
  if (approval?.status !== "approved" || !isBeforeCall) return null;
  const { approval_id: approvalId, payload_hash: payloadHash, gate } = approval;
  return { approvalId, payloadHash, ...(gate === undefined ? {} : { gates: gate.capabilities }) };
}

/** The approval that a step or occurrence waits for, or has been given. */
export function approvalAt(state: RunState, ref: StepRef): Approval | undefined {
  return state.steps.get(occurrenceKey(ref.step_id, ref.occurrence))?.approval;
}

/** True where people approved this very payload although that gate does not let it pass in that phase. */
export function isGateOverruled(
  state: RunState,
  ref: StepRef,
  { phase, gateCapabilityId }: { phase: GatePhase; gateCapabilityId: string },
  payloadHash: string,
): boolean {
  const { approval, cleared } = state.steps.get(occurrenceKey(ref.step_id, ref.occurrence)) ?? {};
  const gates = approval?.gate?.phase === phase ? approval.gate.capabilities : [];
  if (isApproved(approval, payloadHash) && gates.includes(gateCapabilityId)) return true;
  // What stays given is about what is sent.
  if (phase !== "pre_gate" || cleared?.payloadHash !== payloadHash) return false;
  return cleared.gates?.includes(gateCapabilityId) === true;
}

/** The pending approval of that id and its place; null where the run waits for no such one. */
export function findPendingApproval(
  state: RunState,
  approvalId: string,
): { key: string; approval: Approval } | null {
  for (const key of state.frontier.waiting) {
    const approval = state.steps.get(key)?.approval;
    if (approval?.approval_id === approvalId) return { key, approval };
  }
  return null;
}
