import { noticeIdOf } from "../../core/ids.ts";
import { isTerminal } from "../../core/run.ts";
import { RowSet, separable } from "./row-set.ts";
import type {
  ApprovalWrite,
  CommandWrite,
  EffectWrite,
  NewRun,
  SegmentWrite,
  UndoneWrite,
} from "./segment-write.ts";

/** A record of these holds its key: the same call is not made beside it. */
const HOLDING: ReadonlySet<EffectWrite["status"]> = new Set([
  "attempted",
  "recorded",
  "in_doubt",
  "compensated",
]);

export type EffectRow = EffectWrite & Pick<SegmentWrite, "tenantId" | "runId" | "isShared">;
/** A write, and where its body lies among all bodies of the flush; no length where it has none. */
export type BodyRow = { write: SegmentWrite; from: number; length: number };

export const HEADS = new RowSet<BodyRow>({
  tenant_id: { type: "text", read: ({ write }) => write.tenantId },
  run_id: { type: "text", read: ({ write }) => write.runId },
  lease_epoch: { type: "int", read: ({ write }) => write.leaseEpoch },
  first_seq: { type: "int", read: ({ write }) => write.firstSeq },
  last_seq: { type: "int", read: ({ write }) => write.lastSeq },
  status: { type: "text", read: ({ write }) => write.status },
  head_hash: { type: "text", read: ({ write }) => write.headHash },
  started_at: { type: "float8", read: ({ write }) => write.startedAt },
  finished_at: { type: "float8", read: ({ write }) => write.finishedAt },
  outputs: { type: "text", read: ({ write }) => toText(write.outputs) },
  error: { type: "text", read: ({ write }) => toText(write.error) },
  body_from: { type: "int", read: ({ from }) => from },
  body_length: { type: "int", read: ({ length }) => length },
});

export const FIRST_SEGMENTS = new RowSet<BodyRow>({
  tenant_id: { type: "text", read: ({ write }) => write.tenantId },
  run_id: { type: "text", read: ({ write }) => write.runId },
  last_seq: { type: "int", read: ({ write }) => write.lastSeq },
  body_from: { type: "int", read: ({ from }) => from },
  body_length: { type: "int", read: ({ length }) => length },
});

const EFFECT_COLUMNS: ConstructorParameters<typeof RowSet<EffectRow>>[0] = {
  tenant_id: { type: "text", read: (effect) => effect.tenantId },
  run_id: { type: "text", read: (effect) => effect.runId },
  sequence: { type: "int", read: (effect) => effect.sequence },
  step_path: { type: "text", read: (effect) => effect.stepPath },
  occurrence: { type: "text", read: (effect) => separable(effect.occurrence) },
  capability_id: { type: "text", read: (effect) => effect.capabilityId },
  binding_id: { type: "text", read: (effect) => separable(effect.bindingId) },
  binding_revision: { type: "int", read: (effect) => effect.bindingRevision },
  effect_class: { type: "text", read: (effect) => effect.effectClass },
  idempotency_key: { type: "text", read: (effect) => effect.idempotencyKey },
  holds_key: {
    type: "int",
    read: ({ isShared, status }) => Number(isShared && HOLDING.has(status)),
  },
  request_hash: { type: "text", read: (effect) => effect.requestHash },
  response_hash: { type: "text", read: (effect) => effect.responseHash },
  status: { type: "text", read: (effect) => effect.status },
  replay_policy: { type: "text", read: (effect) => effect.replayPolicy },
  result_sequence: { type: "int", read: (effect) => effect.resultSequence },
  receipt: { type: "text", read: (effect) => toReceipt(effect) },
  approval_id: { type: "text", read: (effect) => effect.approvalId },
  attempts: { type: "int", read: (effect) => effect.attempts },
  created_at: { type: "float8", read: (effect) => effect.createdAt },
  updated_at: { type: "float8", read: (effect) => effect.updatedAt },
};
export const EFFECTS = new RowSet<EffectRow>(EFFECT_COLUMNS);

/** Effects that undo others name them, and hold their keys in every run: nested runs may have undone the same. */
export const UNDO_EFFECTS = new RowSet<EffectRow>({
  ...EFFECT_COLUMNS,
  holds_key: { type: "int", read: ({ status }) => Number(HOLDING.has(status)) },
  compensates_effect_id: { type: "text", read: (effect) => effect.compensatesEffectId },
});

export type UndoneRow = UndoneWrite & Pick<SegmentWrite, "tenantId" | "runId">;
export const UNDONE = new RowSet<UndoneRow>({
  tenant_id: { type: "text", read: (undone) => undone.tenantId },
  run_id: { type: "text", read: (undone) => undone.runId },
  effect_run_id: { type: "text", read: (undone) => undone.effectRunId },
  sequence: { type: "int", read: (undone) => undone.sequence },
  undone_at: { type: "float8", read: (undone) => undone.at },
});

export type ApprovalRow = ApprovalWrite & Pick<SegmentWrite, "tenantId" | "runId">;
export const APPROVALS = new RowSet<ApprovalRow>({
  tenant_id: { type: "text", read: (approval) => approval.tenantId },
  run_id: { type: "text", read: (approval) => approval.runId },
  sequence: { type: "int", read: (approval) => approval.sequence },
  payload_sequence: { type: "int", read: (approval) => approval.payloadSequence },
  environment: { type: "text", read: (approval) => separable(approval.environment) },
  skill_id: { type: "text", read: (approval) => approval.skillId },
  step_path: { type: "text", read: (approval) => approval.stepPath },
  step_id: { type: "text", read: (approval) => approval.stepId },
  occurrence: { type: "text", read: (approval) => separable(approval.occurrence) },
  capability_id: { type: "text", read: (approval) => approval.capabilityId },
  kind: { type: "text", read: (approval) => approval.kind },
  status: { type: "text", read: (approval) => approval.status },
  risk: { type: "text", read: (approval) => approval.risk },
  reason: { type: "text", read: (approval) => separable(approval.reason) },
  payload_hash: { type: "text", read: (approval) => approval.payload_hash },
  eligible: { type: "text", read: (approval) => toText(approval.eligible) },
  quorum: { type: "int", read: (approval) => approval.quorum },
  forbid_self_approval: { type: "int", read: (approval) => Number(approval.forbid_self_approval) },
  requested_by: { type: "text", read: (approval) => approval.requested_by ?? null },
  expires_at: { type: "text", read: (approval) => approval.expires_at ?? null },
  on_expiry: { type: "text", read: (approval) => approval.on_expiry },
  claimed_by: { type: "text", read: (approval) => toText(approval.claimed_by ?? null) },
  decisions: { type: "text", read: (approval) => toText(approval.decisions) },
  updated_at: { type: "float8", read: (approval) => approval.updatedAt },
  gist: { type: "text", read: (approval) => separable(approval.gist) },
  notice_type: { type: "text", read: ({ notice }) => notice?.type ?? null },
  notice_id: {
    type: "text",
    read: ({ notice, runId }) => (notice === null ? null : noticeIdOf(runId, notice.sequence)),
  },
});

export type NewRunWrite = SegmentWrite & { newRun: NewRun };
export const NEW_RUNS = new RowSet<NewRunWrite>({
  tenant_id: { type: "text", read: (write) => write.tenantId },
  run_id: { type: "text", read: (write) => write.runId },
  skill_id: { type: "text", read: ({ newRun }) => newRun.skillId },
  skill_version: { type: "text", read: ({ newRun }) => newRun.skillVersion },
  skill_hash: { type: "text", read: ({ newRun }) => newRun.skillHash },
  environment: { type: "text", read: ({ newRun }) => separable(newRun.environment) },
  status: { type: "text", read: (write) => write.status },
  last_seq: { type: "int", read: (write) => write.lastSeq },
  head_hash: { type: "text", read: (write) => write.headHash },
  owner_worker_id: {
    type: "text",
    read: ({ newRun, status }) => (isTerminal(status) ? null : newRun.ownerWorkerId),
  },
  lease_epoch: { type: "int", read: (write) => write.leaseEpoch },
  wake_at: {
    type: "float8",
    read: ({ newRun, status }) => (isTerminal(status) ? null : newRun.wakeAt),
  },
  trace_id: { type: "text", read: ({ newRun }) => newRun.traceId },
  parent_run_id: { type: "text", read: ({ newRun }) => newRun.parentRunId },
  lineage_root_run_id: { type: "text", read: ({ newRun }) => newRun.lineageRootRunId },
  source_run_id: { type: "text", read: ({ newRun }) => newRun.sourceRunId },
  source_checkpoint_id: { type: "text", read: ({ newRun }) => newRun.sourceCheckpointId },
  attributes: { type: "text", read: ({ newRun }) => toText(newRun.attributes) },
  inputs: { type: "text", read: ({ newRun }) => toText(newRun.inputs) },
  outputs: { type: "text", read: (write) => toText(write.outputs) },
  error: { type: "text", read: (write) => toText(write.error) },
  created_at: { type: "float8", read: ({ newRun }) => newRun.createdAt },
  started_at: { type: "float8", read: (write) => write.startedAt },
  finished_at: { type: "float8", read: (write) => write.finishedAt },
});

export type CommandRow = CommandWrite & { tenantId: string; fromRunId: string };
export const COMMANDS = new RowSet<CommandRow>({
  tenant_id: { type: "text", read: (command) => command.tenantId },
  from_run_id: { type: "text", read: (command) => command.fromRunId },
  run_id: { type: "text", read: (command) => command.runId },
  command_id: { type: "text", read: (command) => command.commandId },
  kind: { type: "text", read: (command) => command.kind },
  payload: { type: "text", read: (command) => toText(command.payload) },
});

export type AppliedRow = SegmentWrite["applied"][number] & { tenantId: string; runId: string };
export const APPLIED = new RowSet<AppliedRow>({
  tenant_id: { type: "text", read: (command) => command.tenantId },
  run_id: { type: "text", read: (command) => command.runId },
  command_id: { type: "text", read: (command) => separable(command.commandId) },
  error: { type: "text", read: (command) => toText(command.error) },
});

export type SnapshotRow = NonNullable<SegmentWrite["snapshot"]> & {
  tenantId: string;
  runId: string;
};
export const SNAPSHOTS = new RowSet<SnapshotRow>({
  tenant_id: { type: "text", read: (snapshot) => snapshot.tenantId },
  run_id: { type: "text", read: (snapshot) => snapshot.runId },
  sequence: { type: "int", read: (snapshot) => snapshot.sequence },
  state_hash: { type: "text", read: (snapshot) => snapshot.stateHash },
  body: { type: "text", read: (snapshot) => snapshot.body },
});

/** JSON text holds no control characters, so that it needs no care between separators. */
function toText(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

function toReceipt({ receipt }: EffectWrite): string | null {
  return receipt === null ? null : separable(receipt);
}
