import type { Approval } from "./approval.ts";
import type { CompensationState } from "./compensation.ts";
import { DomainError, type ErrorRecord } from "./errors.ts";
import { createFrontier, type Frontier } from "./frontier.ts";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import type { LoopKind, ParentRef, RunOptions } from "./run-events.ts";
import type { ReplayPolicy } from "./capability.ts";
import type { ReplayChanges } from "./replay-changes.ts";
import type { Plan } from "./run-plan.ts";
import type { RunStatus } from "./run.ts";
import { makeScope, type Scope } from "./scope.ts";
import type { StepStatus } from "./step.ts";

/** Another major version is refused when a snapshot is loaded. */
export const STATE_VERSION = "1.0.0";

/** How far a foreach, while or scatter has come. */
export type LoopState = {
  kind: LoopKind;
  items: Json[] | null;
  /** Occurrences in all; null for while, which finds out as it goes. */
  count: number | null;
  /** The position of the next occurrence to start. */
  next: number;
  running: number;
  failed: number;
  succeeded: number;
};

/** What a waiting step waits for. `until` in milliseconds since 1970. */
export type WaitState = {
  kind: "signal" | "timer" | "approval";
  name: string | null;
  until: number | null;
  onTimeout: "fail" | "continue";
};

/** A call's record in the side-effect ledger, as far as the run must know it to go on. */
export type EffectState = {
  effectId: string;
  key: string;
  requestHash: string;
  status: "attempted" | "recorded" | "failed" | "in_doubt";
  attempts: number;
  /** It was in doubt before this attempt was announced. */
  mayHaveHappened?: true;
};

/** One step, or one occurrence of it. Fields that no longer matter are dropped, so that state stays small. */
export type StepState = {
  status: StepStatus;
  attempt: number;
  uses?: string;
  input?: JsonObject;
  /** When a scheduled retry is due, in milliseconds since 1970. */
  dueAt?: number;
  childRunId?: string;
  loop?: LoopState;
  wait?: WaitState;
  effect?: EffectState;
  /** What people were asked before it goes on; kept until the step ends. */
  approval?: Approval;
  /** What people confirmed before they were asked something else about the same call. */
  cleared?: { approvalId: string; payloadHash: string; gates?: string[] };
  /** Of an occurrence, until its loop is merged. */
  output?: JsonObject;
  error?: ErrorRecord;
};

export type ReceivedSignal = { signalId: string; name: string; payload: Json };

/**
 * All that a run's continuation needs. Folded in place by `evolve`, which owns it; everything here but `frontier`
 * follows from the events, and `frontier` follows from the rest.
 */
export type RunState = {
  runId: string;
  tenantId: string;
  environment: string;
  traceId: string;
  lineageRootRunId: string;
  sourceRunId: string | null;
  /** Of a replay or fork: up to which event of its source results are reused, and whether it waits to be resumed. */
  replay: {
    through: number;
    isHeld: boolean;
    changes?: ReplayChanges;
    /** It has done something that is not in its source. */
    hasLeft?: boolean;
  } | null;
  /** What is done with the effects and results of steps, by step id, where that differs from policy. */
  overrides?: Record<string, ReplayPolicy>;
  parent: ParentRef | null;
  options: RunOptions;
  /** Of the policy under which the run was started; runs from before there were policies have none. */
  policyHash?: string;
  attributes: JsonObject;
  status: RunStatus;
  sequence: number;
  scope: Scope;
  written: Set<string>;
  steps: Map<string, StepState>;
  signals: ReceivedSignal[];
  /** The first failure that the run cannot live with. */
  failure: { stepId: string; error: ErrorRecord } | null;
  /** The first approval that was denied or pushed back: the run is to end. What it did is kept for the replay of a push back. */
  denial?: { reason: string; actor?: string; isPushBack?: true };
  /** Once the run has begun to undo what it did. */
  compensation?: CompensationState;
  /** Who started the run, or the outermost one that it is nested in. */
  initiator?: string;
  createdAt: number;
  startAt: number | null;
  startedAt: number | null;
  deadlineAt: number | null;
  /** The last checkpoint, and the chained hash of all events up to it. */
  checkpoint: { sequence: number; hash: string };
  frontier: Frontier;
};

/** The hash that the first checkpoint of a run is chained to. */
export const GENESIS_HASH = "sha256:genesis";

/** A run of which nothing is known yet but its id. */
export function emptyRunState(
  plan: Plan,
  identity: { tenantId: string; runId: string; traceId: string },
): RunState {
  const steps = new Map<string, StepState>();
  return {
    ...identity,
    environment: "",
    lineageRootRunId: identity.runId,
    sourceRunId: null,
    replay: null,
    parent: null,
    options: {},
    attributes: {},
    status: "pending",
    sequence: 0,
    scope: makeScope(),
    written: new Set(),
    steps,
    signals: [],
    failure: null,
    createdAt: 0,
    startAt: null,
    startedAt: null,
    deadlineAt: null,
    checkpoint: { sequence: 0, hash: GENESIS_HASH },
    frontier: createFrontier(plan, steps),
  };
}

/** A state as JSON: what a snapshot stores and its hash is taken over. */
export type StateSnapshot = {
  state_version: string;
  state: Json;
  /** The stored texts of the events since the last checkpoint, which the next checkpoint's hash covers. */
  unhashed: string[];
};

/** Writes the state down; `restoreState` of the result is an equal state. */
export function snapshotState(state: RunState, unhashed: readonly string[]): StateSnapshot {
  const { frontier: _derived, steps, written, ...rest } = state;
  const plain = { ...rest, written: [...written], steps: Object.fromEntries(steps) };
  // JSON drops the undefined members that exact optional types already rule out; the copy owns its data.
  const copy: Json = JSON.parse(JSON.stringify(plain));
  return { state_version: STATE_VERSION, state: copy, unhashed: [...unhashed] };
}

/** Reads a stored snapshot's text. Throws DomainError where it is not one. */
export function parseSnapshot(text: string): StateSnapshot {
  const value: unknown = JSON.parse(text);
  if (isSnapshot(value)) return value;
  throw new DomainError("invalid_configuration", "A stored snapshot is damaged.", {
    hint: "Delete it: the state is rebuilt from the events.",
  });
}

function isSnapshot(value: unknown): value is StateSnapshot {
  return (
    isJsonObject(value) &&
    typeof value["state_version"] === "string" &&
    Array.isArray(value["unhashed"])
  );
}

/** Reads a snapshot back, which is the state from then on: nobody else may use it. Throws DomainError naming both versions where the major version differs. */
export function restoreState(plan: Plan, snapshot: StateSnapshot): RunState {
  const major = (version: string) => version.split(".")[0];
  if (major(snapshot.state_version) !== major(STATE_VERSION)) {
    throw new DomainError(
      "invalid_configuration",
      `State version ${snapshot.state_version} cannot be read by this program, which reads ${STATE_VERSION}.`,
      { hint: "Run the program version that wrote it, or start the run anew." },
    );
  }
  const { state } = snapshot;
  if (!isStoredState(state)) {
    throw new DomainError(
      "invalid_configuration",
      "A stored state is damaged: it is not a run's state.",
    );
  }
  const { steps: stepEntries, written, ...rest } = state;
  const steps = new Map(Object.entries(stepEntries));
  return { ...rest, written: new Set(written), steps, frontier: createFrontier(plan, steps) };
}

type StoredState = Omit<RunState, "frontier" | "steps" | "written"> & {
  steps: Record<string, StepState>;
  written: string[];
};

/** Snapshots are this program's own and hash-checked; the guard looks at the skeleton only. */
function isStoredState(value: unknown): value is StoredState {
  return (
    isJsonObject(value) &&
    typeof value["runId"] === "string" &&
    isJsonObject(value["steps"]) &&
    isJsonObject(value["scope"]) &&
    Array.isArray(value["written"])
  );
}
