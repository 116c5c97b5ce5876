import type { Pool } from "pg";
import { z } from "zod";
import { JsonObjectSchema } from "../../core/field.ts";
import type { RunEvent } from "../../core/run-events.ts";
import { parseSegment } from "./event-reader.ts";
import type { EffectWrite } from "./segment-write.ts";

/** What is stored of a run: its head, its latest snapshot, and the events after that. */
export type StoredRun = {
  skillId: string;
  skillVersion: string;
  environment: string;
  traceId: string;
  isLineageShared: boolean;
  headSequence: number;
  headHash: string;
  /** Milliseconds since 1970; null while it has not ended. */
  finishedAt: number | null;
  snapshot: { sequence: number; stateHash: string; body: string } | null;
  events: RunEvent[];
  /** The size of the events' texts. */
  eventCharacters: number;
  /** When the last event was recorded, in milliseconds since 1970. */
  lastAt: number;
  /** Ledger rows whose outcome was open at the snapshot; what later events say may not be in them yet. */
  openEffects: EffectWrite[];
};

const HeadSchema = z.object({
  skill_id: z.string(),
  skill_version: z.string(),
  environment: z.string(),
  trace_id: z.string(),
  is_lineage_shared: z.boolean(),
  head_sequence: z.int(),
  head_hash: z.string(),
  finished_at: z.date().nullable(),
  snapshot_sequence: z.int().nullable(),
  snapshot_hash: z.string().nullable(),
  snapshot_body: z.instanceof(Uint8Array).nullable(),
});

/** Loads what continuing a run needs; null where the tenant has no such run. Indexes: primary keys. */
export async function loadRun(
  pool: Pool,
  tenantId: string,
  runId: string,
): Promise<StoredRun | null> {
  const { rows } = await pool.query(
    `SELECT r.skill_id, r.skill_version, r.environment, r.trace_id, r.is_lineage_shared,
            r.head_sequence, r.head_hash, r.finished_at,
            s.sequence AS snapshot_sequence, s.state_hash AS snapshot_hash, s.body AS snapshot_body
     FROM runs r LEFT JOIN LATERAL (
       SELECT sequence, state_hash, body FROM snapshots
       WHERE tenant_id = r.tenant_id AND run_id = r.run_id ORDER BY sequence DESC LIMIT 1) s ON true
     WHERE r.tenant_id = $1 AND r.run_id = $2`,
    [tenantId, runId],
  );
  if (rows[0] === undefined) return null;
  const head = HeadSchema.parse(rows[0]);
  const { snapshot_sequence: sequence, snapshot_hash: stateHash, snapshot_body: body } = head;
  const snapshot =
    sequence === null || stateHash === null || body === null
      ? null
      : { sequence, stateHash, body: Buffer.from(body).toString("utf8") };
  const after = snapshot?.sequence ?? 0;
  const { events, characters, lastAt } = await loadEvents(pool, tenantId, runId, after);
  return {
    skillId: head.skill_id,
    skillVersion: head.skill_version,
    environment: head.environment,
    traceId: head.trace_id,
    isLineageShared: head.is_lineage_shared,
    headSequence: head.head_sequence,
    headHash: head.head_hash,
    finishedAt: head.finished_at?.getTime() ?? null,
    snapshot,
    events,
    eventCharacters: characters,
    lastAt,
    openEffects: await loadOpenEffects(pool, tenantId, runId, after),
  };
}

/** Segments end where flushes ended; one may begin before the snapshot's sequence. The last one is always read, for its time. */
async function loadEvents(
  pool: Pool,
  tenantId: string,
  runId: string,
  after: number,
): Promise<{ events: RunEvent[]; characters: number; lastAt: number }> {
  const { rows } = await pool.query(
    `SELECT first_seq, body FROM event_segments
     WHERE tenant_id = $1 AND run_id = $2 AND last_seq >= $3 ORDER BY first_seq`,
    [tenantId, runId, after],
  );
  const segments = z
    .array(z.object({ first_seq: z.int(), body: z.instanceof(Uint8Array) }))
    .parse(rows);
  const all = segments.flatMap(({ first_seq: first, body }) =>
    parseSegment(body).map((event, index) => ({ ...event, sequence: first + index })),
  );
  return {
    events: all.filter((event) => event.sequence > after),
    characters: segments.reduce((sum, { body }) => sum + body.length, 0),
    lastAt: all.at(-1)?.at ?? 0,
  };
}

const EffectRowSchema = z.object({
  sequence: z.int(),
  step_path: z.string(),
  occurrence: z.string(),
  capability_id: z.string(),
  binding_id: z.string(),
  binding_revision: z.int(),
  effect_class: z.string(),
  idempotency_key: z.string(),
  request_hash: z.string(),
  replay_policy: z.string(),
  attempts: z.int(),
  status: z.enum(["attempted", "recorded", "failed", "in_doubt", "reused", "compensated"]),
  approval_id: z.string().nullable(),
  compensates_effect_id: z.string().nullable(),
  response_hash: z.string().nullable(),
  provider_receipt: z.string().nullable(),
  result_sequence: z.int().nullable(),
  created_at: z.date(),
  updated_at: z.date(),
});

async function loadOpenEffects(
  pool: Pool,
  tenantId: string,
  runId: string,
  after: number,
): Promise<EffectWrite[]> {
  const { rows } = await pool.query(
    `SELECT sequence, step_path, occurrence, capability_id, binding_id, binding_revision, effect_class,
            idempotency_key, request_hash, replay_policy, attempts, status, approval_id, compensates_effect_id,
            response_hash, provider_receipt, result_sequence, created_at, updated_at
     FROM effects WHERE tenant_id = $1 AND run_id = $2 AND (status IN ('attempted', 'failed', 'in_doubt', 'compensated') OR result_sequence > $3)`,
    [tenantId, runId, after],
  );
  return z
    .array(EffectRowSchema)
    .parse(rows)
    .map((row) => ({
      sequence: row.sequence,
      stepPath: row.step_path,
      occurrence: row.occurrence,
      capabilityId: row.capability_id,
      bindingId: row.binding_id,
      bindingRevision: row.binding_revision,
      effectClass: row.effect_class,
      idempotencyKey: row.idempotency_key,
      requestHash: row.request_hash,
      replayPolicy: row.replay_policy,
      attempts: row.attempts,
      status: row.status,
      approvalId: row.approval_id,
      compensatesEffectId: row.compensates_effect_id,
      responseHash: row.response_hash,
      receipt: row.provider_receipt,
      resultSequence: row.result_sequence,
      createdAt: row.created_at.getTime(),
      updatedAt: row.updated_at.getTime(),
    }));
}

const CommandRowSchema = z
  .object({
    tenant_id: z.string(),
    run_id: z.string(),
    command_id: z.string(),
    kind: z.string(),
    payload: JsonObjectSchema,
    actor: z.string().nullable(),
  })
  .transform((row) => ({
    tenantId: row.tenant_id,
    runId: row.run_id,
    commandId: row.command_id,
    kind: row.kind,
    payload: row.payload,
    actor: row.actor,
  }));

export type StoredCommand = z.output<typeof CommandRowSchema>;

/** The commands of one run that were not applied yet, oldest first. Index: run_commands_open. */
export async function listOpenCommands(
  pool: Pool,
  tenantId: string,
  runId: string,
): Promise<StoredCommand[]> {
  const { rows } = await pool.query(
    `SELECT tenant_id, run_id, command_id, kind, payload, actor FROM run_commands
     WHERE tenant_id = $1 AND run_id = $2 AND applied_at IS NULL ORDER BY created_at, command_id`,
    [tenantId, runId],
  );
  return z.array(CommandRowSchema).parse(rows);
}

/** The runs of one worker for which commands wait. Index: run_commands_open, which is small. */
export async function listOpenCommandsOf(pool: Pool, workerId: string): Promise<StoredCommand[]> {
  const { rows } = await pool.query(
    `SELECT c.tenant_id, c.run_id, c.command_id, c.kind, c.payload, c.actor
     FROM run_commands c JOIN runs r ON r.tenant_id = c.tenant_id AND r.run_id = c.run_id
     WHERE c.applied_at IS NULL AND r.owner_worker_id = $1 ORDER BY c.created_at, c.command_id LIMIT 1000`,
    [workerId],
  );
  return z.array(CommandRowSchema).parse(rows);
}
