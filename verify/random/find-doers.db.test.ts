import { beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../server/database/test-database.ts";
import { countActs, findDoers } from "./find-doers.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  return database.drop;
});

const KEY = "a key";
/** A nested run that came to nothing, and the one that was begun anew in its place and asked under the same key. */
const EFFECTS = [
  { run: "run_first", status: "failed" },
  { run: "run_second", status: "recorded" },
];

test("what the provider did under a key is laid at the door of the effect that did it, not of one that failed before", async () => {
  for (const { run, status } of EFFECTS)
    await database.pool.query(
      `INSERT INTO effects (tenant_id, run_id, sequence, step_path, occurrence, capability_id, binding_id,
         binding_revision, effect_class, idempotency_key, holds_key, request_hash, status, replay_policy,
         attempts, created_at, updated_at)
       VALUES ('tnt_test', $1, 4, 'a', '', 'shop.order.place', 'b', 1, 'write', $2, false, 'sha256:test', $3,
         'use_recorded_result', 1, now(), now())`,
      [run, KEY, status],
    );
  const doers = await findDoers(database);
  expect([...doers]).toEqual([[KEY, "eff_second_4"]]);
  const acts = new Map([["an order", 1]]);
  const countOf = (effectId: string, status: string) =>
    countActs({ effect_id: effectId, idempotency_key: KEY, status }, ["an order"], acts, doers);
  expect(countOf("eff_first_4", "failed")).toBe(0);
  expect(countOf("eff_second_4", "recorded")).toBe(1);
  // Nobody else did it: a call that is said to have failed and that the provider did is a violation.
  expect(
    countActs(
      { effect_id: "eff_first_4", idempotency_key: KEY, status: "failed" },
      ["an order"],
      acts,
      new Map(),
    ),
  ).toBe(1);
});
