import { z } from "zod";
import type { JsonObject } from "../../core/json.ts";
import type { StoredEvent } from "../../core/run-events.ts";
import { RUN_STATUSES, type RunStatus } from "../../core/run.ts";
import type { ErrorRecord } from "../../core/errors.ts";
import type { Database } from "./client.ts";
import { parseSegment } from "./event-reader.ts";
import type { RegistryTx } from "./registry-repository.ts";

const HeadSchema = z.object({
  run_id: z.string(),
  skill_id: z.string(),
  skill_version: z.string(),
  skill_hash: z.string(),
  environment: z.string(),
  status: z.enum(RUN_STATUSES),
  head_sequence: z.int(),
  head_hash: z.string(),
  trace_id: z.string(),
  parent_run_id: z.string().nullable(),
  lineage_root_run_id: z.string(),
  source_run_id: z.string().nullable(),
  created_at: z.date(),
  started_at: z.date().nullable(),
  finished_at: z.date().nullable(),
});

/** The head of a run as a pack tells it, or null. Index: the primary key. */
export async function findPackHead(
  { pool }: Pick<Database, "pool">,
  tenantId: string,
  runId: string,
): Promise<z.infer<typeof HeadSchema> | null> {
  const { rows } = await pool.query(
    `SELECT ${Object.keys(HeadSchema.shape).join(", ")} FROM runs WHERE tenant_id = $1 AND run_id = $2`,
    [tenantId, runId],
  );
  return rows[0] === undefined ? null : HeadSchema.parse(rows[0]);
}

/** A run's events up to a sequence; null where their texts come to more than `maxBytes`. Index: the primary key. */
export async function readWholeHistory(
  { pool }: Pick<Database, "pool">,
  run: { tenantId: string; runId: string; headSequence: number; maxBytes: number },
): Promise<StoredEvent[] | null> {
  const range = [run.tenantId, run.runId, run.headSequence];
  const which = "FROM event_segments WHERE tenant_id = $1 AND run_id = $2 AND first_seq <= $3";
  const size = await pool.query(
    `SELECT coalesce(sum(octet_length(body)), 0)::float8 AS bytes ${which}`,
    range,
  );
  const [{ bytes } = { bytes: 0 }] = z.array(z.object({ bytes: z.number() })).parse(size.rows);
  if (bytes > run.maxBytes) return null;
  const { rows } = await pool.query(`SELECT body ${which} ORDER BY first_seq`, range);
  return z
    .array(z.object({ body: z.instanceof(Uint8Array) }))
    .parse(rows)
    .flatMap(({ body }) => parseSegment(body))
    .slice(0, run.headSequence);
}

/** A row of the ledger, as far as it tells of one run. */
export const EffectOfRunSchema = z.strictObject({
  sequence: z.int(),
  step_path: z.string(),
  occurrence: z.string(),
  capability_id: z.string(),
  binding_id: z.string(),
  binding_revision: z.int(),
  effect_class: z.string(),
  idempotency_key: z.string(),
  request_hash: z.string(),
  response_hash: z.string().nullable(),
  status: z.string(),
  replay_policy: z.string(),
  result_sequence: z.int().nullable(),
  provider_receipt: z.string().nullable(),
  attempts: z.int(),
});

/** The ledger's records of a run, in the order in which they were announced. Index: the primary key. */
export async function listEffectsOfRun(
  { pool }: Pick<Database, "pool">,
  run: { tenantId: string; runId: string; headSequence: number },
): Promise<z.infer<typeof EffectOfRunSchema>[]> {
  const { rows } = await pool.query(
    `SELECT ${Object.keys(EffectOfRunSchema.shape).join(", ")} FROM effects
     WHERE tenant_id = $1 AND run_id = $2 AND sequence <= $3 ORDER BY sequence`,
    [run.tenantId, run.runId, run.headSequence],
  );
  return z.array(EffectOfRunSchema).parse(rows);
}

/** A run that ended elsewhere. It has no owner and nothing to wake for, so that no worker ever claims it. */
export type ImportedRun = {
  tenantId: string;
  runId: string;
  skillId: string;
  skillVersion: string;
  skillHash: string;
  environment: string;
  status: Extract<RunStatus, "completed" | "failed" | "canceled">;
  headSequence: number;
  headHash: string;
  traceId: string;
  parentRunId: string | null;
  lineageRootRunId: string;
  sourceRunId: string | null;
  attributes: JsonObject;
  inputs: JsonObject;
  outputs: JsonObject;
  error: ErrorRecord | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date;
};

/** True where the tenant has a run of that id. Index: the primary key. */
export async function hasRun(tx: RegistryTx, tenantId: string, runId: string): Promise<boolean> {
  return (await tx.run.count({ where: { tenantId, runId } })) > 0;
}

/** Writes an imported run with its history; `segments` are JSON lists of stored events, in order. */
export async function insertImportedRun(
  tx: RegistryTx,
  { error, ...run }: ImportedRun,
  segments: readonly { firstSeq: number; lastSeq: number; body: string }[],
): Promise<void> {
  const { tenantId, runId } = run;
  await tx.run.create({ data: { ...run, leaseEpoch: 0, ...(error === null ? {} : { error }) } });
  await tx.eventSegment.createMany({
    data: segments.map(({ firstSeq, lastSeq, body }) => ({
      tenantId,
      runId,
      firstSeq,
      lastSeq,
      body: Buffer.from(body, "utf8"),
    })),
  });
}
