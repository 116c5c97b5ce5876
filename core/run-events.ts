import type {
  ApprovalTerms,
  DecisionFact,
  ExpiryOutcome,
  PushedBackFrom,
  ReassignmentFact,
} from "./approval.ts";
import type { EffectClass, ReplayPolicy } from "./capability.ts";
import type { CompensationEnd, CompensationPlan, CompensationResult } from "./compensation.ts";
import type { ErrorRecord } from "./errors.ts";
import { eventIdOf } from "./ids.ts";
import type { Json, JsonObject } from "./json.ts";
import type { PolicyFinding } from "./policy-denial.ts";
import type { ReplayChanges, SurroundingReplay } from "./replay-changes.ts";
import type { TrustLevel } from "./trust.ts";

/** One step, or one occurrence of it inside foreach, while or scatter. */
export type StepRef = { step_id: string; occurrence?: string };

/** Where a nested run hangs in the run that started it. */
export type ParentRef = StepRef & {
  run_id: string;
  step_path: string;
  depth: number;
  /** Who started the outermost run. */
  initiator?: string;
  /** The path under which the ledger knows the nested calls, where a mapped step makes it another one. */
  ledger_path?: string;
  /** The replay or fork that the outermost run is. */
  replay?: SurroundingReplay;
};

/** Where a record of the ledger stands and what it is about, as its first event says it. */
export type EffectPlace = {
  step_path: string;
  capability_id: string;
  binding_id: string;
  binding_revision: number;
  effect_class: EffectClass;
  idempotency_key: string;
  request_hash: string;
  replay_policy: ReplayPolicy;
  /** Events from before it was told have none. */
  service_id?: string;
};

/** What a caller may set for one run. */
export type RunOptions = {
  fail_fast?: boolean;
  timeout_seconds?: number;
  required_conformance_profile?: "experimental" | "standard" | "strict";
  /** Asked for, it can only lower; recorded, it is how far the run is trusted. */
  trust_level?: TrustLevel;
  /** Bindings by capability id that the run calls in place of those of its environment. */
  bindings?: Record<string, string>;
};

export type CheckpointKind =
  | "run_started"
  | "step_started"
  | "step_completed"
  | "retry_scheduled"
  | "waiting_for_human"
  | "waiting_for_signal"
  | "paused"
  | "run_resumed"
  | "run_finished";

export type LoopKind = "foreach" | "while" | "scatter";

/** What each type of event says. Members are added, never changed or taken away, within version 1.x. */
export type EventPayloads = {
  "run.created": {
    skill_id: string;
    skill_version: string;
    skill_hash: string;
    environment: string;
    inputs: JsonObject;
    attributes: JsonObject;
    options: RunOptions;
    lineage_root_run_id: string;
    /** Of the stored policy that holds for the run. */
    policy_hash?: string;
    source_run_id?: string;
    source_checkpoint_id?: string;
    /** A replay or fork: what its source had recorded up to this event is reused. Held: it waits to be resumed. */
    replay?: {
      through: number;
      is_held?: true;
      pushed_back?: PushedBackFrom;
    } & ReplayChanges;
    /** What is done with the effects and results of steps, by step id, where that differs from policy. */
    overrides?: Record<string, ReplayPolicy>;
    parent?: ParentRef;
    /** Not before this time (RFC 3339). */
    start_at?: string;
  };
  "run.started": { deadline_at?: string };
  "run.resumed": {
    reason?: string;
    deadline_at?: string;
    /** Added to those that the run has. */
    overrides?: Record<string, ReplayPolicy>;
    /** Of the policy that holds from now on, where it is stricter than the one before. */
    policy_hash?: string;
  };
  "run.paused": { reason?: string };
  "run.waiting_for_human": { steps: string[] };
  "run.waiting_for_signal": { steps: string[]; until?: string };
  "run.replaying": { source_run_id: string; deadline_at?: string };
  "run.compensating": CompensationPlan & { end: CompensationEnd };
  "run.completed": { outputs: JsonObject };
  "run.failed": {
    error: ErrorRecord;
    step_id?: string;
    outputs: JsonObject;
    compensation?: CompensationResult;
  };
  "run.canceled": { reason?: string; outputs: JsonObject; compensation?: CompensationResult };
  "step.started": StepRef & {
    attempt: number;
    input?: JsonObject;
    /** The capability or skill that runs, where a router or scatter chose it. */
    uses?: string;
    child_run_id?: string;
    loop?: { kind: LoopKind; count?: number; items?: Json[] };
    wait?: {
      kind: "signal" | "timer" | "approval";
      name?: string;
      until?: string;
      on_timeout?: "fail" | "continue";
    };
  };
  "step.completed": StepRef & {
    output?: JsonObject;
    duration_ms?: number;
    while_exhausted?: boolean;
    /** The signal that a `wait.signal` step took. */
    signal_id?: string;
    /** The event of the source run whose output this is. */
    reused_from?: { run_id: string; sequence: number };
  };
  "step.failed": StepRef & { error: ErrorRecord; attempt: number; duration_ms?: number };
  "step.skipped": StepRef & { reason: string };
  "step.degraded": StepRef & { reason: string };
  "step.retry_scheduled": StepRef & { attempt: number; error: ErrorRecord; due_at: string };
  "step.canceled": StepRef & { reason: string };
  "step.compensated": StepRef & {
    effect_id: string;
    /** Its provider says that there is nothing to undo. */
    was_absent?: true;
    /** Nothing that the occurrence, or the whole step, did stands any more. */
    completes?: "occurrence" | "step";
  };
  "capability.selected": StepRef & {
    capability_id: string;
    binding_id: string;
    service_id: string;
    reason: string;
  };
  "binding.attempted": StepRef & {
    binding_id: string;
    service_id: string;
    status: "success" | "failed" | "skipped" | "circuit_open";
    duration_ms: number;
    error?: ErrorRecord;
  };
  "side_effect.attempted": StepRef &
    EffectPlace & {
      effect_id: string;
      attempts: number;
      /** The approval under which it is sent. */
      approval_id?: string;
      /** The effect that this one undoes. */
      compensates_effect_id?: string;
      /** It is sent again although an earlier attempt of the same effect is in doubt, which the run's state does not hold any more. */
      may_have_happened?: true;
    };
  "side_effect.recorded": StepRef & { effect_id: string; response_hash: string; receipt?: string };
  /** Events from before the ledger kept rows of these two say nothing of their place. */
  "side_effect.reused": StepRef &
    Partial<EffectPlace> & { effect_id: string; source_effect_id: string };
  "side_effect.blocked": StepRef &
    Partial<EffectPlace> & { effect_id: string; reason: string; source_effect_id?: string };
  "side_effect.failed": StepRef & { effect_id: string; error: ErrorRecord };
  "side_effect.in_doubt": StepRef & { effect_id: string; error?: ErrorRecord };
  /** `output` and its hash where it happened. Whoever stops leaves it in doubt. */
  "side_effect.resolved": StepRef & {
    effect_id: string;
    resolution: "happened" | "not_happened" | "stop";
    by: "person" | "status_probe";
    output?: JsonObject;
    response_hash?: string;
    receipt?: string;
    comment?: string;
  };
  "approval.requested": StepRef &
    ApprovalTerms & {
      approval_id: string;
      step_path: string;
      /** The capability that is to be called, where a router or scatter chose it. */
      uses?: string;
    };
  "approval.claimed": StepRef & { approval_id: string; approver: string; name: string };
  "approval.released": StepRef & { approval_id: string; approver: string; name: string };
  "approval.reassigned": StepRef & ReassignmentFact;
  "approval.decided": StepRef & DecisionFact;
  "approval.expired": StepRef & { approval_id: string; outcome: ExpiryOutcome };
  "signal.received": { signal_id: string; name: string; payload: Json };
  "timer.scheduled": StepRef & { timer_id: string; due_at: string };
  "timer.fired": StepRef & { timer_id: string };
  "checkpoint.saved": {
    kind: CheckpointKind;
    step_path?: string;
    parent_sequence?: number;
    state_hash: string;
  };
  "policy.evaluated": StepRef & PolicyFinding;
  "artifact.saved": StepRef & { name: string; artifact_hash: string; bytes: number };
};

export type EventType = keyof EventPayloads;

/** An event before it has a place in the sequence. */
export type NewEvent = {
  [T in EventType]: { type: T; payload: EventPayloads[T]; actor?: string };
}[EventType];

/** An event as the engine folds it and a segment stores it; what is the same for all events of a run is left out. */
export type RunEvent = StoredEvent & { sequence: number };

/** An event as it is stored; its place follows from that of its segment. */
export type StoredEvent = NewEvent & {
  /** Milliseconds since 1970, UTC. */
  at: number;
};

/**
 * The text under which a segment stores an event: a list of type, time, payload and, where somebody caused it, actor.
 * Names that every event would repeat are left out; parsing and writing it again gives the same text.
 */
export function storedText({ type, at, payload, actor }: StoredEvent): string {
  const by = actor === undefined ? "" : `,${JSON.stringify(actor)}`;
  return `["${type}",${at},${JSON.stringify(payload)}${by}]`;
}

/** The event behind a parsed `storedText`, or null for what is none. What its payload says is judged by whoever folds it. */
export function fromStored(value: unknown): StoredEvent | null {
  if (!Array.isArray(value)) return null;
  const [type, at, payload, actor]: unknown[] = value;
  const event = { type, at, payload, ...(actor === undefined ? {} : { actor }) };
  return isStoredEvent(event) ? event : null;
}

function isStoredEvent(event: { [key: string]: unknown }): event is StoredEvent {
  return (
    typeof event["type"] === "string" &&
    typeof event["at"] === "number" &&
    typeof event["payload"] === "object" &&
    event["payload"] !== null
  );
}

/** An event as it leaves the process (`contract.md` §5). */
export type EventEnvelope = {
  event_id: string;
  event_version: "1.0";
  event_type: EventType;
  occurred_at: string;
  tenant_id: string;
  run_id: string;
  trace_id: string;
  sequence: number;
  actor?: string;
  payload: JsonObject;
};

/** The envelope of a stored event: the only shape that streams, lists and screens see. */
export function toEnvelope(
  run: { tenantId: string; runId: string; traceId: string },
  event: RunEvent,
): EventEnvelope {
  return {
    event_id: eventIdOf(run.runId, event.sequence),
    event_version: "1.0",
    event_type: event.type,
    occurred_at: new Date(event.at).toISOString(),
    tenant_id: run.tenantId,
    run_id: run.runId,
    trace_id: run.traceId,
    sequence: event.sequence,
    ...(event.actor === undefined ? {} : { actor: event.actor }),
    payload: event.payload,
  };
}

/** The step that an event is about, as `step` or `step#occurrence`; null for events of the whole run. */
export function stepKeyOfPayload(payload: JsonObject): string | null {
  const { step_id: stepId, occurrence } = payload;
  if (typeof stepId !== "string") return null;
  return typeof occurrence === "string" ? `${stepId}#${occurrence}` : stepId;
}
