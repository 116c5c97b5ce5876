import { expect, test } from "vitest";
import type { JsonObject } from "../../../../core/json.ts";
import { makeBuiltinContext } from "../testing/make-builtin-context.ts";
import { MEMORY_MODULE } from "./memory-module.ts";

function memory(now = () => new Date("2026-01-01T00:00:00Z"), idempotencyKey = "k1") {
  const context = makeBuiltinContext({ now, idempotencyKey });
  return async (name: string, input: JsonObject): Promise<JsonObject> => {
    const builtin = MEMORY_MODULE[name];
    if (builtin === undefined) throw new Error(`no function ${name}`);
    return builtin(input, context);
  };
}

test("a value comes back under its key and namespace, and nowhere else", async () => {
  const call = memory();
  await call("store", { key: "a", value: { n: 1 }, namespace: "x" });
  expect(await call("retrieve", { key: "a", namespace: "x" })).toMatchObject({
    found: true,
    value: { n: 1 },
  });
  expect(await call("retrieve", { key: "a" })).toMatchObject({ found: false, value: null });
});

test("a value with a time to live is gone after it", async () => {
  let at = Date.parse("2026-01-01T00:00:00Z");
  const call = memory(() => new Date(at));
  await call("store", { key: "a", value: 1, ttl_seconds: 10 });
  at += 9_999;
  expect(await call("retrieve", { key: "a" })).toMatchObject({ found: true });
  at += 1;
  expect(await call("retrieve", { key: "a" })).toMatchObject({ found: false });
  expect(await call("search", { query: "1" })).toMatchObject({ total_searched: 0 });
});

test("a record without an id is stored once per ledger key", async () => {
  const call = memory();
  const [first, second] = [
    await call("store_record", { namespace: "n", record: { a: 1 } }),
    await call("store_record", { namespace: "n", record: { a: 1 } }),
  ];
  expect(first["record_id"]).toBe(second["record_id"]);
  expect(await call("store_record", { namespace: "n", record: { id: "own" } })).toMatchObject({
    record_id: "own",
  });
});

test("search ranks by wording", async () => {
  const call = memory();
  await call("store", { key: "late", value: { text: "the delivery was late" }, namespace: "n" });
  await call("store", { key: "cat", value: { text: "cats purr" }, namespace: "n" });
  const { results } = await call("search", { query: "late delivery", namespace: "n", top_k: 1 });
  expect(results).toMatchObject([{ record_id: "late" }]);
});
