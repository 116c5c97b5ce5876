import { beforeAll, expect, test } from "vitest";
import { createRecordStore } from "./record-store.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  return database.drop;
});
const storeOf = (tenantId: string, environment: string) =>
  createRecordStore(database, { tenantId, environment }, () => new Date(0));

test("a record that was put is got, listed by key and deleted once", async () => {
  const store = storeOf("a", "dev");
  await store.put("notes", "2", { text: "two" });
  await store.put("notes", "1", { text: "one" });
  await store.put("notes", "1", { text: "one, mended" });
  expect(await store.get("notes", "1")).toEqual({ text: "one, mended" });
  expect((await store.list("notes", 10)).map(({ key }) => key)).toEqual(["1", "2"]);
  expect(await store.list("notes", 1)).toHaveLength(1);
  expect([await store.delete("notes", "1"), await store.delete("notes", "1")]).toEqual([
    true,
    false,
  ]);
  expect(await store.get("notes", "1")).toBeNull();
});

test("another tenant, environment or collection has none of them", async () => {
  await storeOf("b", "dev").put("notes", "1", { text: "mine" });
  expect(await storeOf("c", "dev").get("notes", "1")).toBeNull();
  expect(await storeOf("b", "prod").get("notes", "1")).toBeNull();
  expect(await storeOf("b", "dev").list("others", 10)).toEqual([]);
});
