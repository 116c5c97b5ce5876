import type { PoolClient } from "pg";
import { z } from "zod";
import { hashEffectTerm } from "./effect-term-hash.ts";

const LedgerRowSchema = z
  .object({
    tenant_id: z.string(),
    run_id: z.string(),
    sequence: z.int(),
    step_path: z.string(),
    capability_id: z.string(),
    binding_id: z.string(),
    request_hash: z.string(),
    status: z.string(),
    provider_receipt: z.string().nullable(),
    attempts: z.int(),
    created_at: z.date(),
    written_xid: z.string(),
    known_terms: z.array(z.string()).nullable(),
  })
  .transform((row) => ({
    tenantId: row.tenant_id,
    runId: row.run_id,
    sequence: row.sequence,
    stepPath: row.step_path,
    capabilityId: row.capability_id,
    bindingId: row.binding_id,
    requestHash: row.request_hash,
    status: row.status,
    receipt: row.provider_receipt,
    attempts: row.attempts,
    createdAt: row.created_at,
    writtenXid: row.written_xid,
    /** Of the same request, where the search table has them already. */
    knownTerms: row.known_terms,
  }));

/** A ledger row that the search table has to follow. */
export type ChangedEffect = z.output<typeof LedgerRowSchema>;

const COLUMNS = `e.tenant_id, e.run_id, e.sequence, e.step_path, e.capability_id, e.binding_id, e.request_hash,
  e.status, e.provider_receipt, e.attempts, e.created_at, e.written_xid`;

/** Rows written by transactions from `fromXid` up to before `untilXid`, in that order, after the given one. Index: effects_written. */
export async function readChangedEffects(
  client: PoolClient,
  range: { fromXid: bigint; untilXid: bigint; after: ChangedEffect | null; limit: number },
): Promise<ChangedEffect[]> {
  const { after } = range;
  const { rows } = await client.query(
    `SELECT ${COLUMNS}, s.terms AS known_terms
     FROM (SELECT * FROM effects
           WHERE written_xid >= greatest($1::bigint, $3::bigint) AND written_xid < $2::bigint
             AND ($3::bigint IS NULL OR (written_xid, run_id, tenant_id, sequence) > ($3, $4, $5, $6::int))
           ORDER BY written_xid, run_id, tenant_id, sequence LIMIT $7) e
     LEFT JOIN effect_search s ON s.run_id = e.run_id AND s.tenant_id = e.tenant_id AND s.sequence = e.sequence
       AND s.request_hash = e.request_hash
     ORDER BY e.written_xid, e.run_id, e.tenant_id, e.sequence`,
    [
      range.fromXid.toString(),
      range.untilXid.toString(),
      after?.writtenXid ?? null,
      after?.runId ?? null,
      after?.tenantId ?? null,
      after?.sequence ?? null,
      range.limit,
    ],
  );
  return z.array(LedgerRowSchema).parse(rows);
}

/** All rows in the order of their keys, after the given one. Index: the primary key. */
export async function readAllEffects(
  client: PoolClient,
  range: { after: ChangedEffect | null; limit: number },
): Promise<ChangedEffect[]> {
  const { rows } = await client.query(
    `SELECT ${COLUMNS}, NULL AS known_terms FROM effects e
     WHERE (e.run_id, e.tenant_id, e.sequence) > ($1, $2, $3::int)
     ORDER BY e.run_id, e.tenant_id, e.sequence LIMIT $4`,
    [
      range.after?.runId ?? "",
      range.after?.tenantId ?? "",
      range.after?.sequence ?? 0,
      range.limit,
    ],
  );
  return z.array(LedgerRowSchema).parse(rows);
}

/** A row of the search table: `terms` are new ones, added to those that are known already. */
export type SearchableEffect = { effect: ChangedEffect; terms: Iterable<string> };

/** Brings rows of the search table up to date. Written twice, they are the same. Index: the primary key. */
export async function writeSearchRows(
  client: PoolClient,
  rows: readonly SearchableEffect[],
): Promise<void> {
  if (rows.length === 0) return;
  const effects = rows.map(({ effect }) => effect);
  await client.query(
    `INSERT INTO effect_search AS s (tenant_id, run_id, sequence, created_at, status, request_hash, terms)
     SELECT tenant_id, run_id, sequence, created_at, status, request_hash, terms::bigint[]
     FROM unnest($1::text[], $2::text[], $3::int[], $4::timestamptz[], $5::text[], $6::text[], $7::text[])
       AS e (tenant_id, run_id, sequence, created_at, status, request_hash, terms)
     ON CONFLICT (run_id, tenant_id, sequence) DO UPDATE SET
       status = excluded.status, request_hash = excluded.request_hash, terms = excluded.terms
     WHERE (s.status, s.request_hash, s.terms) IS DISTINCT FROM (excluded.status, excluded.request_hash, excluded.terms)`,
    [
      effects.map(({ tenantId }) => tenantId),
      effects.map(({ runId }) => runId),
      effects.map(({ sequence }) => sequence),
      effects.map(({ createdAt }) => createdAt),
      effects.map(({ status }) => status),
      effects.map(({ requestHash }) => requestHash),
      rows.map(({ effect, terms }) => {
        const added = Array.from(terms, (term) => hashEffectTerm(effect.tenantId, term));
        return `{${[...new Set([...(effect.knownTerms ?? []), ...added])].join(",")}}`;
      }),
    ],
  );
}

/** Tells PostgreSQL which pages hold which transactions, so that looking for new ones reads only the last pages. */
export async function summarizeWritten(client: PoolClient): Promise<void> {
  await client.query("SELECT brin_summarize_new_values('effects_written')");
}
