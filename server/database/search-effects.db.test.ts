import { beforeAll, describe, expect, test } from "vitest";
import { termsOfEffect, termsOfFilter, type EffectTermFilter } from "../../core/effect-terms.ts";
import { effectAt, generateEffects, SEARCHED_TENANT } from "../effects/testing/generate-effects.ts";
import { searchEffects, sortedQuery, walkQuery, type EffectSearch } from "./search-effects.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

/** Enough that some terms fit more than can be sorted at once, and that others are further back than is walked. */
const EFFECTS = 60_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  // No ANALYZE: the paths must be right in a table that PostgreSQL knows nothing of.
  await generateEffects(database, EFFECTS);
  return database.drop;
}, 120_000);

const EVERYTHING: EffectSearch = {
  terms: [],
  statuses: null,
  runId: null,
  sequence: null,
  createdAfter: null,
  createdBefore: null,
  before: null,
  limit: 50,
};

/** The same search done by looking at each effect. */
function expected(filter: EffectTermFilter, statuses: readonly string[] | null, limit: number) {
  const wanted = termsOfFilter(filter);
  const found: string[] = [];
  for (let index = EFFECTS - 1; index >= 0 && found.length < limit; index -= 1) {
    const { request, ...effect } = effectAt(index, EFFECTS);
    if (statuses !== null && !statuses.includes(effect.status)) continue;
    const terms = termsOfEffect({ ...effect, stepPath: "order" }, request, []);
    if (wanted.every((term) => terms.has(term))) found.push(`${effect.runId} ${effect.sequence}`);
  }
  return found;
}

describe("a search over many effects finds what a look at each would", () => {
  test.each<[string, EffectTermFilter, EffectSearch["statuses"]]>([
    ["the newest", {}, null],
    ["by a state", {}, ["in_doubt"]],
    ["by two states", {}, ["failed", "in_doubt"]],
    ["by a receipt", { receipt: "rcpt-31416" }, null],
    ["by a rare field", { request: { "order.id": "93" } }, null],
    ["by a common field", { request: { region: "north" } }, null],
    ["by a common target, all of it old", { target: "legacy" }, ["recorded"]],
    ["by two common things", { target: "binding_0", request: { region: "west" } }, null],
    [
      "by two things that never meet",
      { capability: "shop.kind_0.call", target: "binding_1" },
      null,
    ],
    ["by what nobody has", { words: "nobody has this" }, null],
  ])("%s", async (_, filter, statuses) => {
    const { effects } = await searchEffects(database, SEARCHED_TENANT, {
      ...EVERYTHING,
      terms: termsOfFilter(filter),
      statuses,
    });
    const places = effects.map(
      ({ run_id: runId, effect_id: id }) => `${runId} ${id.split("_")[2]}`,
    );
    expect(places).toEqual(expected(filter, statuses, 50));
  });
});

test("pages of an old and common target follow each other without gap or repetition", async () => {
  const terms = termsOfFilter({ target: "legacy" });
  const found: string[] = [];
  let before: EffectSearch["before"] = null;
  for (let page = 0; page < 5; page += 1) {
    const { effects, next } = await searchEffects(database, SEARCHED_TENANT, {
      ...EVERYTHING,
      terms,
      before,
    });
    found.push(
      ...effects.map(({ run_id: id, effect_id: effect }) => `${id} ${effect.split("_")[2]}`),
    );
    before = next;
  }
  expect(found).toEqual(expected({ target: "legacy" }, null, 250));
});

test("another tenant finds nothing", async () => {
  const { effects, next } = await searchEffects(database, "tnt_other", EVERYTHING);
  expect({ effects, next }).toEqual({ effects: [], next: null });
});

describe("no search reads the whole table", () => {
  const few = (search: Partial<EffectSearch>) =>
    sortedQuery(SEARCHED_TENANT, { ...EVERYTHING, ...search }, 10_000);
  const walk = (search: Partial<EffectSearch>) =>
    walkQuery(SEARCHED_TENANT, { ...EVERYTHING, ...search }, null);
  const terms = termsOfFilter({ receipt: "rcpt-7" });
  const place = { createdAt: new Date(), runId: "run_1", sequence: 1 };

  test.each<[string, { text: string; values: unknown[] }, string]>([
    ["the newest", walk({}), "effect_search_newest"],
    ["a page further back", walk({ before: place }), "effect_search_newest"],
    ["a time", walk({ createdAfter: new Date() }), "effect_search_newest"],
    ["a state", walk({ statuses: ["in_doubt"] }), "effect_search_status"],
    ["several states", walk({ statuses: ["in_doubt", "failed"] }), "effect_search_"],
    ["terms", few({ terms }), "effect_search_terms"],
    ["terms and a state", few({ terms, statuses: ["recorded"] }), "effect_search_terms"],
    ["a run", few({ runId: "run_000000000001" }), "effect_search_pkey"],
  ])("%s", async (_, { text, values }, index) => {
    const client = await database.pool.connect();
    await client.query("BEGIN; SET LOCAL enable_seqscan = off");
    const { rows } = await client.query<{ "QUERY PLAN": string }>(`EXPLAIN ${text}`, values);
    await client.query("ROLLBACK");
    client.release();
    const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
    expect(plan).not.toContain("Seq Scan");
    expect(plan).toContain(index);
  });
});
