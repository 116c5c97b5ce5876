import type { GateQuestion } from "../../core/approval.ts";
import type { ApprovalDetail } from "../../core/approval-view.ts";
import { DomainError } from "../../core/errors.ts";
import { JsonObjectSchema } from "../../core/field.ts";
import { approvalPlaceOf } from "../../core/ids.ts";
import type { JsonChange } from "../../core/json-changes.ts";
import { parseSnapshot } from "../../core/run-state.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import type { CallContext } from "../api/call-context.ts";
import { findApprovalRow, type ApprovalRecord } from "../database/approval-repository.ts";
import { SecretMask, withSecrets } from "../../core/masked-secrets.ts";
import { loadHistoryUntil } from "../database/checkpoint-loader.ts";
import { readEvents } from "../database/event-reader.ts";
import { hashJson } from "../runtime/effect-facts.ts";
import { toApprovalSummary } from "./approval-summary.ts";

/** The approval with what is asked, secrets masked; `not_found` where the tenant has none of that id. */
export async function getApproval(ctx: CallContext, approvalId: string): Promise<ApprovalDetail> {
  const row = await getApprovalRow(ctx, approvalId);
  const { asked, exact, mask } = await readPayload(ctx, row);
  const payload = mask.payload(exact);
  const redacted = mask.count;
  const schema = objectOf(asked["form_schema"]);
  return {
    ...toApprovalSummary(ctx, row, mask),
    payload,
    redacted_values: redacted,
    form_schema: schema === null ? null : mask.definition(schema),
    gate: gateOf(asked["gate"]),
    changes: mask.changes(changesOf(asked["changes"])),
  };
}

/**
 * An edited payload as it is meant: a secret that was shown as a mask and left in its place is itself again. Null where
 * the payload of that hash, which the edit is of, is not the one that stands.
 */
export async function withOwnSecrets(
  ctx: CallContext,
  row: ApprovalRecord,
  edited: JsonObject,
  seenHash: string,
): Promise<JsonObject | null> {
  const { asked, exact, mask } = await readPayload(ctx, row);
  const first = objectOf(asked["payload"]) ?? {};
  // An answer that is given again was to the payload before its own edit.
  const known = row.status === "pending" ? [exact] : [first, exact];
  const seen = known.find((each) => hashJson(each) === seenHash);
  return seen === undefined ? null : withSecrets(edited, mask.payload(seen), seen);
}

/** What was asked, the payload as it stands, and what masks the secrets of both and of all that the run knew by then. */
async function readPayload(ctx: CallContext, row: ApprovalRecord) {
  const { asked, known } = await readUntilAsked(ctx, row);
  const isEdited = row.payload_sequence !== row.sequence;
  const current = isEdited ? await payloadAt(ctx, row, row.payload_sequence) : asked;
  const exact = objectOf(current["payload"]) ?? {};
  const mask = new SecretMask(ctx.dependencies.instanceSecrets([]), [...known, exact]);
  return { asked, exact, mask };
}

/** The event that asks, and what the run knew by then: the scope of a snapshot and all that happened since. */
async function readUntilAsked(
  ctx: CallContext,
  { run_id: runId, sequence }: ApprovalRecord,
): Promise<{ asked: JsonObject; known: JsonObject[] }> {
  const run = { tenantId: ctx.tenantId, runId };
  const history = await loadHistoryUntil(ctx.dependencies.database.pool, run, sequence);
  const snapshot = history?.snapshot ?? null;
  const state = snapshot === null ? null : parseSnapshot(snapshot.body).state;
  const scope = isJsonObject(state) ? objectOf(state["scope"]) : null;
  const payloads = (history?.events ?? []).map(({ payload }) => JsonObjectSchema.parse(payload));
  return { asked: payloads.at(-1) ?? {}, known: scope === null ? payloads : [scope, ...payloads] };
}

/** The row of an approval; `not_found` for an id that the tenant has none for, whoever else may have one. */
export async function getApprovalRow(
  ctx: CallContext,
  approvalId: string,
): Promise<ApprovalRecord> {
  const place = approvalPlaceOf(approvalId);
  const { database } = ctx.dependencies;
  const row = place === null ? null : await findApprovalRow(database, ctx.tenantId, place);
  if (row === null) throw approvalNotFound(approvalId);
  return row;
}

/** The refusal of an id that the tenant, or the run that was named, has no approval for. */
export function approvalNotFound(approvalId: string): DomainError {
  return new DomainError("not_found", `There is no approval ${approvalId}.`, {
    hint: "List approvals with GET /api/v1/approvals.",
    details: { approval_id: approvalId },
  });
}

async function payloadAt(
  ctx: CallContext,
  row: ApprovalRecord,
  sequence: number,
): Promise<JsonObject> {
  const range = { tenantId: ctx.tenantId, runId: row.run_id, after: sequence - 1, limit: 1 };
  const [event] = await readEvents(ctx.dependencies.database, range);
  return event?.payload ?? {};
}

function gateOf(value: Json | undefined): GateQuestion | null {
  if (!isJsonObject(value) || !Array.isArray(value.capabilities)) return null;
  const capabilities = value.capabilities.filter((name) => typeof name === "string");
  return { phase: value.phase === "post_gate" ? "post_gate" : "pre_gate", capabilities };
}

function objectOf(value: Json | undefined): JsonObject | null {
  return isJsonObject(value) ? value : null;
}

const KINDS: readonly JsonChange["kind"][] = ["added", "changed", "removed"];

function changesOf(value: Json | undefined): JsonChange[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => {
    if (!isJsonObject(item) || typeof item.path !== "string") return [];
    const { path, before, after } = item;
    const kind = KINDS.find((known) => known === item.kind);
    if (kind === undefined) return [];
    return [
      {
        path,
        kind,
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
      },
    ];
  });
}
