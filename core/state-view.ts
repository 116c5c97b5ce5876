import type { Approval } from "./approval.ts";
import type { CompensationState } from "./compensation.ts";
import type { JsonObject } from "./json.ts";
import type { RunState, StepState } from "./run-state.ts";

/** The state of a run of which nothing is known yet: what its first checkpoint is compared with. */
export const UNKNOWN_STATE: JsonObject = {
  status: "pending",
  inputs: {},
  vars: {},
  outputs: {},
  steps: {},
  written_targets: [],
  signals: [],
  failure: null,
  environment: null,
  attributes: {},
  options: {},
  parent: null,
  source_run_id: null,
  lineage_root_run_id: null,
  created_at: null,
  start_at: null,
  started_at: null,
  deadline_at: null,
};

/**
 * A run's state as people and programs see it: everything that its continuation needs, in the spelling of the wire,
 * times in RFC 3339. It shares its values with `state`: read it before the state is folded on.
 */
export function toStateView(state: RunState): JsonObject {
  const { inputs, vars, outputs, working, frame, output, extensions } = state.scope;
  const seldomUsed = Object.entries({ working, frame, output, extensions });
  return {
    status: state.status,
    inputs,
    vars,
    outputs,
    ...Object.fromEntries(seldomUsed.filter(([, values]) => Object.keys(values).length > 0)),
    steps: Object.fromEntries([...state.steps].map(([key, step]) => [key, toStepView(step)])),
    written_targets: [...state.written],
    signals: state.signals.map(({ signalId, name, payload }) => ({
      signal_id: signalId,
      name,
      payload,
    })),
    failure:
      state.failure === null
        ? null
        : { step_id: state.failure.stepId, error: { ...state.failure.error } },
    ...(state.compensation === undefined ? {} : { compensation: toUndoView(state.compensation) }),
    environment: state.environment,
    attributes: state.attributes,
    options: { ...state.options },
    parent: state.parent === null ? null : { ...state.parent },
    source_run_id: state.sourceRunId,
    lineage_root_run_id: state.lineageRootRunId,
    created_at: toTime(state.createdAt),
    start_at: toTime(state.startAt),
    started_at: toTime(state.startedAt),
    deadline_at: toTime(state.deadlineAt),
  };
}

function toUndoView({ strategy, end, undo, left, isUndone }: CompensationState): JsonObject {
  return {
    strategy,
    end: { ...end },
    undo: undo.map((item, index) => ({ ...item, is_undone: isUndone[index] === true })),
    left: left.map((effect) => ({ ...effect })),
  };
}

function toStepView(step: StepState): JsonObject {
  const {
    status,
    attempt,
    uses,
    input,
    dueAt,
    childRunId,
    loop,
    wait,
    effect,
    approval,
    output,
    error,
  } = step;
  return {
    status,
    attempt,
    ...(uses === undefined ? {} : { uses }),
    ...(input === undefined ? {} : { input }),
    ...(dueAt === undefined ? {} : { due_at: toTime(dueAt) }),
    ...(childRunId === undefined ? {} : { child_run_id: childRunId }),
    ...(loop === undefined ? {} : { loop: { ...loop } }),
    ...(wait === undefined
      ? {}
      : {
          wait: {
            kind: wait.kind,
            name: wait.name,
            until: toTime(wait.until),
            on_timeout: wait.onTimeout,
          },
        }),
    ...(effect === undefined
      ? {}
      : {
          effect: {
            effect_id: effect.effectId,
            idempotency_key: effect.key,
            request_hash: effect.requestHash,
            status: effect.status,
            attempts: effect.attempts,
          },
        }),
    ...(approval === undefined ? {} : { approval: toApprovalView(approval) }),
    ...(output === undefined ? {} : { output }),
    ...(error === undefined ? {} : { error: { ...error } }),
  };
}

/** Decisions are added to the state's own list later on. */
function toApprovalView(approval: Approval): JsonObject {
  return { ...approval, decisions: [...approval.decisions] };
}

function toTime(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}
