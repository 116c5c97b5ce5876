import type { Approval } from "../../core/approval.ts";
import type { ErrorRecord } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import type { RunStatus } from "../../core/run.ts";

/** The row of a run that does not exist yet; written with its first segment. */
export type NewRun = {
  skillId: string;
  skillVersion: string;
  skillHash: string;
  environment: string;
  ownerWorkerId: string | null;
  wakeAt: number | null;
  traceId: string;
  parentRunId: string | null;
  lineageRootRunId: string;
  sourceRunId: string | null;
  sourceCheckpointId: string | null;
  attributes: JsonObject;
  inputs: JsonObject;
  createdAt: number;
};

/** A ledger row as one flush leaves it. Later events of the same effect in one flush win over earlier ones. */
export type EffectWrite = {
  /** Of the event that first announced it; the effect's id follows from run and sequence. */
  sequence: number;
  stepPath: string;
  occurrence: string;
  capabilityId: string;
  bindingId: string;
  bindingRevision: number;
  effectClass: string;
  idempotencyKey: string;
  requestHash: string;
  replayPolicy: string;
  attempts: number;
  status: "attempted" | "recorded" | "failed" | "in_doubt" | "reused" | "blocked" | "compensated";
  /** The approval under which it was sent. */
  approvalId: string | null;
  /** The effect that this one undoes; null for every other. */
  compensatesEffectId: string | null;
  responseHash: string | null;
  receipt: string | null;
  /** Of the event that holds the result. */
  resultSequence: number | null;
  /** Milliseconds since 1970. */
  createdAt: number;
  updatedAt: number;
};

/** An effect that is undone; `at` in milliseconds since 1970. */
export type UndoneWrite = { effectRunId: string; sequence: number; at: number };

/** An approval's row as one flush leaves it; what was asked stands in the event at `sequence`. */
export type ApprovalWrite = Omit<Approval, "payload" | "form_schema"> & {
  sequence: number;
  /** Of the event of this flush that holds the payload as it stands; null where none changed it. */
  payloadSequence: number | null;
  environment: string;
  skillId: string;
  stepPath: string;
  stepId: string;
  occurrence: string;
  capabilityId: string | null;
  /** Of its last change, in milliseconds since 1970. */
  updatedAt: number;
};

/** A command that an event of this run implies for another run: a child's end, for its parent. */
export type CommandWrite = {
  runId: string;
  commandId: string;
  kind: "child_ended";
  payload: JsonObject;
};

/** All of a run's facts that wait to be written: one segment, the head after it, and the rows that they imply. */
export type SegmentWrite = {
  tenantId: string;
  runId: string;
  leaseEpoch: number;
  firstSeq: number;
  lastSeq: number;
  /** UTF-8 JSON list of compact events; null where only rows are written, and `lastSeq` is `firstSeq - 1`. */
  body: string | null;
  status: RunStatus;
  headHash: string;
  startedAt: number | null;
  finishedAt: number | null;
  /** The run ends with this segment; one that had ended may still have its effects corrected. */
  isEnd: boolean;
  outputs: JsonObject | null;
  error: ErrorRecord | null;
  newRun: NewRun | null;
  /** Other runs may make the same calls: its ledger rows hold their keys. */
  isShared: boolean;
  effects: readonly EffectWrite[];
  /** Rows that earlier flushes or nested runs wrote, and whose effects are undone now. */
  undone: readonly UndoneWrite[];
  approvals: readonly ApprovalWrite[];
  commands: readonly CommandWrite[];
  applied: readonly { commandId: string; error: ErrorRecord | null }[];
  snapshot: { sequence: number; stateHash: string; body: string } | null;
};
