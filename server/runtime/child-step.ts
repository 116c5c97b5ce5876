import type { Decision } from "../../core/decision.ts";
import { DomainError, toErrorRecord } from "../../core/errors.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import type { StepRef } from "../../core/run-events.ts";
import type { PlanStep } from "../../core/run-plan.ts";
import { ledgerPathOf, replayAround } from "../../core/replay-changes.ts";
import { parseSkillUse } from "../../core/skill.ts";
import { occurrenceKey } from "../../core/step.ts";
import { DEFAULT_TRUST } from "../../core/trust.ts";
import { recordFacts, stepOf, stepPathOf, type RunSession } from "./run-session.ts";
import type { ChildStart, OpenCommand } from "./run-world.ts";
import { childError } from "./step-errors.ts";
import { beginStep, completeStep, failAttempt } from "./step-outcome.ts";

/** Nested runs may be this deep (`contract.md` §3.13). */
const MAX_DEPTH = 10;

/** Begins a step that is a skill: names the nested run in the history, then starts it once that is durable. */
export function startChildStep(
  session: RunSession,
  decision: Extract<Decision, { kind: "call" }>,
): void {
  const { step, ref, uses, input, attempt } = decision;
  const depth = (session.history.state.parent?.depth ?? 0) + 1;
  const childRunId = session.world.makeId("run");
  const started = {
    type: "step.started" as const,
    payload: {
      ...ref,
      attempt,
      input,
      child_run_id: childRunId,
      ...(uses === step.uses ? {} : { uses }),
    },
  };
  if (!beginStep(session, step, started, [])) return;
  if (depth <= MAX_DEPTH) {
    ensureChild(session, { ref, childRunId, uses, inputs: input, isNew: true });
    return;
  }
  const error = new DomainError(
    "max_depth_exceeded",
    `Skills may nest ${MAX_DEPTH} deep, and ${uses} would be deeper.`,
    { hint: "Look for a skill that uses itself." },
  );
  failAttempt(session, step, { ref, attempt, error: error.toRecord() });
}

/** Goes on waiting for a nested run that another process had begun; starts it if that process died before. */
export function resumeChildStep(session: RunSession, step: PlanStep, ref: StepRef): void {
  const occurrence = session.history.state.steps.get(occurrenceKey(ref.step_id, ref.occurrence));
  if (occurrence?.childRunId === undefined) return;
  const { childRunId, uses = step.uses, input: inputs = {} } = occurrence;
  ensureChild(session, { ref, childRunId, uses, inputs, isNew: false });
}

/** A nested run that the history names. One that is new in it has not been started by anybody yet. */
type NamedChild = {
  ref: StepRef;
  childRunId: string;
  uses: string;
  inputs: JsonObject;
  isNew: boolean;
};

function ensureChild(session: RunSession, child: NamedChild): void {
  const { ref, childRunId } = child;
  const { state } = session.history;
  const key = occurrenceKey(ref.step_id, ref.occurrence);
  const call = session.calls.begin(key, { childRunId });
  const start = toStart(session, child);
  if (start === null) return;
  const begin = () => {
    if (session.isClosed) return undefined;
    if (!call.isAborted || !child.isNew) return session.world.startChild(start);
    // Stopped before it began: there is no run whose end could be waited for.
    session.turn(() => {
      session.calls.end(key);
      recordFacts(session, [
        { type: "step.canceled", payload: { ...ref, reason: "stopped before its run began" } },
      ]);
    });
    return undefined;
  };
  void session.history
    .durable()
    .then((isDurable) => (isDurable ? begin() : undefined))
    .catch((error: unknown) => {
      session.turn(() => {
        // Where the process stops, the next owner begins here again.
        if (session.isHeld) return;
        const step = stepOf(session, ref);
        if (!session.calls.end(key) || step === null) return;
        const attempt = state.steps.get(key)?.attempt ?? 1;
        failAttempt(session, step, { ref, attempt, error: toErrorRecord(error) });
      });
    });
}

function toStart(
  session: RunSession,
  { ref, childRunId, uses, inputs }: NamedChild,
): ChildStart | null {
  const use = parseSkillUse(uses);
  if (use === null) return null;
  const { state } = session.history;
  const occurrence = ref.occurrence === undefined ? "" : `[${ref.occurrence}]`;
  const {
    required_conformance_profile: profile,
    trust_level: trust = DEFAULT_TRUST,
    bindings,
  } = state.options;
  const stepPath = `${stepPathOf(session, ref.step_id)}${occurrence}`;
  const replay = replayAround(state);
  const ledgerPath = `${ledgerPathOf(state, ref.step_id)}${occurrence}`;
  return {
    tenantId: state.tenantId,
    childRunId,
    skillId: use.skillId,
    version: use.version,
    inputs,
    environment: state.environment,
    traceId: state.traceId,
    lineageRootRunId: state.lineageRootRunId,
    parent: {
      ...ref,
      run_id: state.runId,
      step_path: stepPath,
      ...(ledgerPath === stepPath ? {} : { ledger_path: ledgerPath }),
      ...(replay === null ? {} : { replay }),
      depth: (state.parent?.depth ?? 0) + 1,
      ...(state.initiator === undefined ? {} : { initiator: state.initiator }),
    },
    deadlineAt: childDeadline(session, ref),
    options: {
      trust_level: trust,
      ...(profile === undefined ? {} : { required_conformance_profile: profile }),
      ...(bindings === undefined ? {} : { bindings }),
    },
    ...(state.policyHash === undefined ? {} : { inheritedPolicyHash: state.policyHash }),
  };
}

/** A nested run must end before its parent does, and within the step's own time. */
function childDeadline(session: RunSession, ref: StepRef): number | null {
  const { deadlineAt } = session.history.state;
  const timeoutMs = stepOf(session, ref)?.timeoutMs ?? null;
  if (timeoutMs === null) return deadlineAt;
  return Math.min(deadlineAt ?? Number.POSITIVE_INFINITY, session.world.now() + timeoutMs);
}

/** Takes over what a nested run brought. Throws DomainError where the step no longer waits for that run. */
export function endChildStep(session: RunSession, command: OpenCommand): void {
  const {
    step_id: stepId,
    occurrence,
    child_run_id: childRunId,
    status,
    outputs,
    error,
  } = command.payload;
  if (typeof stepId !== "string" || typeof childRunId !== "string" || typeof status !== "string") {
    throw new DomainError(
      "invalid_request",
      "The end of a nested run names its step, run and status.",
    );
  }
  const ref: StepRef =
    typeof occurrence === "string" ? { step_id: stepId, occurrence } : { step_id: stepId };
  const key = occurrenceKey(stepId, ref.occurrence);
  const state = session.history.state.steps.get(key);
  const step = stepOf(session, ref);
  if (step === null || state?.childRunId !== childRunId || state.status !== "running") {
    throw new DomainError("invalid_request", `Step ${key} does not wait for run ${childRunId}.`);
  }
  const wasAborted = session.stop !== null || session.calls.isAborted(key);
  session.calls.end(key);
  if (status === "completed" && isJsonObject(outputs)) {
    completeStep(session, step, { ref, attempt: state.attempt, output: outputs });
  } else if (status === "canceled" && wasAborted) {
    recordFacts(session, [
      { type: "step.canceled", payload: { ...ref, reason: "its run was canceled" } },
    ]);
  } else {
    failAttempt(session, step, {
      ref,
      attempt: state.attempt,
      error: childError(childRunId, status, error),
    });
  }
  session.history.applyCommand(command.commandId);
}
