import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { JsonObject } from "../../../../core/json.ts";
import { makeBuiltinContext } from "../testing/make-builtin-context.ts";
import { DATA_MODULE } from "./data-module.ts";

async function call(name: string, input: JsonObject): Promise<JsonObject> {
  const builtin = DATA_MODULE[name];
  if (builtin === undefined) throw new Error(`no function ${name}`);
  return builtin(input, makeBuiltinContext());
}

describe("parse_json", () => {
  test("reads any object back", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.string().filter((key) => key !== "__proto__"),
          fc.jsonValue(),
        ),
        async (value) => {
          const text = JSON.stringify(value);
          fc.pre(!text.includes("__proto__"));
          expect((await call("parse_json", { text })).data).toEqual(JSON.parse(text));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("wraps lists, reads code fences, and names the place of an error", async () => {
    expect(await call("parse_json", { text: "[1]" })).toMatchObject({
      data: { value: [1] },
      kind: "array",
    });
    expect(await call("parse_json", { text: '```json\n{"a": 1}\n```' })).toMatchObject({
      data: { a: 1 },
    });
    await expect(call("parse_json", { text: '{"a": 1,\n "b" 2}' })).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("line 2, column 6"),
    });
  });

  test("refuses nesting that would exhaust the stack", async () => {
    await expect(call("parse_json", { text: "[".repeat(100_000) })).rejects.toMatchObject({
      code: "invalid_request",
    });
  });
});

test("query tells a missing value from null", async () => {
  const data = { a: [{ b: null }], "x.y": 1 };
  expect(await call("query", { data, path: "a.0.b" })).toMatchObject({ found: true, value: null });
  expect(await call("query", { data, path: "a.1.b", default: 7 })).toMatchObject({
    found: false,
    value: 7,
  });
  expect(await call("query", { data, path: "x.y" })).toMatchObject({ value: 1 });
  expect(await call("query", { data, path: "$.a[0]" })).toMatchObject({ found: true });
});

test("validate_schema lists each violation with its path, and refuses a wrong schema", async () => {
  const schema = {
    type: "object",
    required: ["name"],
    properties: { age: { type: "integer" }, mail: { type: "string", format: "email" } },
  };
  const { valid, errors } = await call("validate_schema", {
    data: { age: "x", mail: "nope" },
    schema,
  });
  expect(valid).toBe(false);
  expect(errors).toMatchObject([
    { path: "/", keyword: "required" },
    { path: "/age" },
    { path: "/mail", keyword: "format" },
  ]);
  await expect(
    call("validate_schema", { data: {}, schema: { type: "nonsense" } }),
  ).rejects.toMatchObject({ code: "invalid_request" });
  await expect(
    call("validate_schema", { data: {}, schema: { $ref: "https://elsewhere.example/s.json" } }),
  ).rejects.toMatchObject({ code: "invalid_request" });
});

test("merge goes deep, lists conflicts, and obeys its strategy", async () => {
  const records = [
    { a: 1, n: { x: 1 }, l: [1] },
    { a: 2, n: { y: 2 }, l: [2] },
  ];
  expect(await call("merge", { records })).toMatchObject({
    record: { a: 2, n: { x: 1, y: 2 }, l: [2] },
    field_count: 3,
  });
  expect(await call("merge", { records, strategy: "first_wins" })).toMatchObject({
    record: { a: 1 },
    conflicts: [{ field: "a", kept: 1, dropped: 2 }, { field: "l" }],
  });
  expect(await call("merge", { records, strategy: "concat" })).toMatchObject({
    record: { l: [1, 2] },
  });
  await expect(call("merge", { records, strategy: "error" })).rejects.toMatchObject({
    details: { field: "a" },
  });
  await expect(call("merge", { records, strategy: "odd" })).rejects.toMatchObject({
    code: "invalid_request",
  });
});

test("merge cannot reach a prototype", async () => {
  await call("merge", { records: [{ a: 1 }, JSON.parse('{"__proto__": {"polluted": true}}')] });
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});

test.each([
  ["inner", [1]],
  ["left", [1, 2]],
  ["right", [1, 3]],
  ["full", [1, 2, 3]],
])("join %s keeps the right records", async (type, ids) => {
  const result = await call("join", {
    records_a: [
      { id: 1, a: 1 },
      { id: 2, a: 2 },
    ],
    records_b: [
      { id: 1, b: 1 },
      { id: 3, b: 3 },
    ],
    key_field: "id",
    join_type: type,
  });
  expect(result).toMatchObject({ matched_count: 1, unmatched_count: 2 });
  expect(
    z
      .array(z.looseObject({ id: z.number() }))
      .parse(result["records"])
      .map((record) => record.id),
  ).toEqual(ids);
});

test("join never matches records without the key", async () => {
  expect(
    await call("join", { records_a: [{ a: 1 }], records_b: [{ b: 1 }], key_field: "id" }),
  ).toMatchObject({ records: [], unmatched_count: 2 });
});

test("deduplicate keeps the first of each key", async () => {
  expect(
    await call("deduplicate", {
      records: [{ id: 1, v: "a" }, { id: 1, v: "b" }, { id: 2 }],
      key_fields: ["id"],
    }),
  ).toMatchObject({ records: [{ v: "a" }, { id: 2 }], duplicates: 1 });
});

test("transform applies its rules in order and refuses what does not convert", async () => {
  const mapping = {
    filter: { n: { ">": 1 } },
    rename: { x: "name" },
    compute: { label: "{{name}}-{{n}}" },
    coerce: { n: "integer" },
    defaults: { z: 0 },
    drop: ["y"],
  };
  const { records } = await call("transform", {
    records: [
      { n: "1", x: "a" },
      { n: "2", x: "b", y: 1 },
    ],
    mapping,
  });
  expect(records).toEqual([{ n: 2, name: "b", label: "b-2", z: 0 }]);
  expect(
    (await call("transform", { records: [{ a: { b: 1 } }], mapping: { c: "a.b" } })).records,
  ).toEqual([{ c: 1 }]);
  await expect(
    call("transform", { records: [{ n: "x" }], mapping: { coerce: { n: "number" } } }),
  ).rejects.toMatchObject({ details: { field: "n" } });
});

test("map_fields moves values by path and names what is missing", async () => {
  expect(
    await call("map_fields", {
      record: { a: { b: 1 }, c: 2 },
      mapping: { "a.b": "x", q: "y" },
      drop_unmapped: true,
    }),
  ).toMatchObject({ record: { x: 1 }, missing_fields: ["q"], status: "partial" });
});

test("map_items keeps the length whatever the expression", async () => {
  expect(
    (await call("map_items", { items: [{ n: "a" }, {}], expression: "item.n" })).items,
  ).toEqual(["a", null]);
  expect((await call("map_items", { items: ["1", "2"], expression: "integer" })).items).toEqual([
    1, 2,
  ]);
  expect(
    (await call("map_items", { items: ["a"], expression: "{{index}}:{{item}}" })).items,
  ).toEqual(["0:a"]);
});

test("compare_records names every place that differs", async () => {
  expect(
    await call("compare_records", {
      record_a: { a: { b: 1 }, c: 1 },
      record_b: { a: { b: 2 }, d: 1 },
    }),
  ).toMatchObject({
    match: false,
    differences: [
      { field: "a.b", kind: "changed" },
      { field: "c", kind: "removed" },
      { field: "d", kind: "added" },
    ],
  });
});

test("reconcile sorts two lists into four", async () => {
  const result = await call("reconcile", {
    records_a: [{ id: 1 }, { id: 2, v: 1 }, { id: 4 }],
    records_b: [{ id: 1 }, { id: 2, v: 2 }, { id: 3 }],
    key_field: "id",
  });
  expect(result).toMatchObject({
    matched: [{ id: 1 }],
    only_a: [{ id: 4 }],
    only_b: [{ id: 3 }],
    discrepancies: [{ key: 2, differences: [{ field: "v" }] }],
  });
});
