import type { Pool, PoolClient } from "pg";
import { z } from "zod";
import type { EffectStatus, EffectView } from "../../core/effect-view.ts";
import type { Database } from "./client.ts";
import { EffectRowSchema, toEffectView } from "./effect-row.ts";
import { hashEffectTerm } from "./effect-term-hash.ts";

export type EffectPlace = { createdAt: Date; runId: string; sequence: number };

export type EffectSearch = {
  /** All of them have to fit (core/effect-terms.ts). */
  terms: readonly string[];
  statuses: readonly EffectStatus[] | null;
  runId: string | null;
  sequence: number | null;
  createdAfter: Date | null;
  createdBefore: Date | null;
  /** The last effect of the page before. */
  before: EffectPlace | null;
  limit: number;
};

/** What is common fills a page from so few of the newest. */
const MAX_GLANCED = 2_000;

/** Up to so many fitting effects are sorted at once; where more fit, walking on finds a page sooner. */
const MAX_SORTED = 10_000;

/** After so many effects without a full page, those that fit are old: sorting all of them is the shorter way. */
const MAX_WALKED = 30_000;

const PlaceRowSchema = z.object({
  created_at: z.date(),
  run_id: z.string(),
  sequence: z.int(),
  /** How many fitted before the page was cut; told by sorted queries. */
  total: z.int().optional(),
});

/**
 * A page of a tenant's effects, newest first, and the place at which the next one begins. Finds what the projection has
 * seen and shows what the ledger says; one whose state has changed since is left out where states are asked for.
 * Indexes: effect_search_newest; effect_search_terms, effect_search_status or the primary key under their filters.
 */
export async function searchEffects(
  { pool }: Pick<Database, "pool">,
  tenantId: string,
  search: EffectSearch,
): Promise<{ effects: EffectView[]; next: EffectPlace | null }> {
  const places = await findPlaces(pool, tenantId, { ...search, limit: search.limit + 1 });
  const page = places.slice(0, search.limit);
  const next = places.length > search.limit ? (page.at(-1) ?? null) : null;
  const { rows } = await pool.query(
    `SELECT ${Object.keys(EffectRowSchema.shape)
      .map((name) => `e.${name}`)
      .join(", ")}
     FROM unnest($2::text[], $3::int[]) WITH ORDINALITY AS p (run_id, sequence, place)
     JOIN effects e ON e.run_id = p.run_id AND e.tenant_id = $1 AND e.sequence = p.sequence
     ORDER BY p.place`,
    [tenantId, page.map(({ runId }) => runId), page.map(({ sequence }) => sequence)],
  );
  const effects = z.array(EffectRowSchema).parse(rows).map(toEffectView);
  const { statuses } = search;
  return {
    effects:
      statuses === null ? effects : effects.filter(({ status }) => statuses.includes(status)),
    next,
  };
}

async function findPlaces(
  pool: Pool,
  tenantId: string,
  search: EffectSearch,
): Promise<EffectPlace[]> {
  const client = await pool.connect();
  try {
    // The paths below must not depend on what is known of a young table: reading all of it is never one.
    await client.query("BEGIN READ ONLY; SET LOCAL enable_seqscan = off");
    const places = await readPlaces(client, tenantId, search);
    await client.query("COMMIT");
    client.release();
    return places;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function readPlaces(
  client: PoolClient,
  tenantId: string,
  search: EffectSearch,
): Promise<EffectPlace[]> {
  const read = async ({ text, values }: Query) =>
    z.array(PlaceRowSchema).parse((await client.query(text, values)).rows);
  if (search.terms.length === 0 && search.runId === null)
    return (await read(walkQuery(tenantId, search, null))).map(toPlace);
  if (search.runId === null) {
    const glance = await read(walkQuery(tenantId, search, MAX_GLANCED));
    if (glance.length === search.limit) return glance.map(toPlace);
  }
  const few = await read(sortedQuery(tenantId, search, MAX_SORTED));
  if ((few[0]?.total ?? 0) <= MAX_SORTED) return few.map(toPlace);
  const newest = await read(walkQuery(tenantId, search, MAX_WALKED));
  if (newest.length === search.limit) return newest.map(toPlace);
  return (await read(sortedQuery(tenantId, search, null))).map(toPlace);
}

type Query = { text: string; values: unknown[] };

/** All that fit, found by their terms, then sorted; one more than `most` at most, which `total` tells. */
export function sortedQuery(tenantId: string, search: EffectSearch, most: number | null): Query {
  const conditions = new Conditions(tenantId);
  conditions.addPlain(search);
  conditions.addTerms(tenantId, search);
  return {
    text: `WITH fitting AS MATERIALIZED (
             SELECT created_at, run_id, sequence FROM effect_search
             WHERE ${conditions.text} LIMIT ${most === null ? "ALL" : most + 1})
           SELECT *, (SELECT count(*)::int FROM fitting) AS total FROM fitting
           ORDER BY created_at DESC, run_id DESC, sequence DESC LIMIT ${conditions.put(search.limit)}`,
    values: conditions.values,
  };
}

/** From the newest on, at most `most` of them, looking at the terms on the way. LIMIT or OFFSET keep the two apart. */
export function walkQuery(tenantId: string, search: EffectSearch, most: number | null): Query {
  const conditions = new Conditions(tenantId);
  conditions.addPlain(search);
  const newest = `SELECT created_at, run_id, sequence, terms FROM effect_search
                  WHERE ${conditions.text} ORDER BY created_at DESC, run_id DESC, sequence DESC
                  ${most === null ? "OFFSET 0" : `LIMIT ${most}`}`;
  const terms = conditions.put(hashesOf(tenantId, search.terms));
  return {
    text: `SELECT created_at, run_id, sequence FROM (${newest}) newest
           WHERE terms @> ${terms}::bigint[] LIMIT ${conditions.put(search.limit)}`,
    values: conditions.values,
  };
}

class Conditions {
  readonly values: unknown[];
  readonly #texts: string[] = ["tenant_id = $1"];

  constructor(tenantId: string) {
    this.values = [tenantId];
  }

  get text(): string {
    return this.#texts.join(" AND ");
  }

  put(value: unknown): string {
    return `$${this.values.push(value)}`;
  }

  addPlain(search: EffectSearch): void {
    const { statuses, runId, sequence, createdAfter, createdBefore, before } = search;
    if (statuses !== null) this.#addStatuses(statuses);
    if (runId !== null) this.#texts.push(`run_id = ${this.put(runId)}`);
    if (sequence !== null) this.#texts.push(`sequence = ${this.put(sequence)}`);
    if (createdAfter !== null) this.#texts.push(`created_at > ${this.put(createdAfter)}`);
    if (createdBefore !== null) this.#texts.push(`created_at < ${this.put(createdBefore)}`);
    if (before === null) return;
    const place = [before.createdAt, before.runId, before.sequence].map((each) => this.put(each));
    this.#texts.push(`(created_at, run_id, sequence) < (${place.join(", ")})`);
  }

  addTerms(tenantId: string, { terms }: EffectSearch): void {
    if (terms.length === 0) return;
    this.#texts.push(`terms @> ${this.put(hashesOf(tenantId, terms))}::bigint[]`);
  }

  // The planner takes a partial index only where the query repeats the index's own condition.
  #addStatuses(statuses: readonly EffectStatus[]): void {
    const [only] = statuses;
    if (!statuses.includes("recorded")) this.#texts.push("status <> 'recorded'");
    this.#texts.push(
      statuses.length === 1
        ? `status = ${this.put(only)}`
        : `status = ANY(${this.put([...statuses])})`,
    );
  }
}

function hashesOf(tenantId: string, terms: readonly string[]): string[] {
  return terms.map((term) => hashEffectTerm(tenantId, term));
}

function toPlace(row: z.output<typeof PlaceRowSchema>): EffectPlace {
  return { createdAt: row.created_at, runId: row.run_id, sequence: row.sequence };
}
