import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { JsonObject } from "../../../../core/json.ts";
import { makeBuiltinContext } from "../testing/make-builtin-context.ts";
import { TABLE_MODULE } from "./table-module.ts";
import { asText } from "../as-text.ts";

let sandboxDir: string;
beforeAll(async () => {
  sandboxDir = await mkdtemp(path.join(tmpdir(), "orca-table-"));
});
afterAll(() => rm(sandboxDir, { recursive: true, force: true }));

async function call(name: string, input: JsonObject): Promise<JsonObject> {
  const builtin = TABLE_MODULE[name];
  if (builtin === undefined) throw new Error(`no function ${name}`);
  return builtin(input, makeBuiltinContext({ sandboxDir }));
}

describe("parse_csv", () => {
  test("guesses the delimiter, types cells, and keeps leading zeros as text", async () => {
    expect(await call("parse_csv", { text: "zip;n;ok\n0815;1.5;true\n" })).toMatchObject({
      headers: ["zip", "n", "ok"],
      table: [{ zip: "0815", n: 1.5, ok: true }],
    });
  });

  test("numbers empty and repeated names, and names the line of an error", async () => {
    expect((await call("parse_csv", { text: "a,,a\n1,2,3\n" })).headers).toEqual([
      "a",
      "column_2",
      "a_2",
    ]);
    await expect(call("parse_csv", { text: 'a,b\n1,"x\n' })).rejects.toMatchObject({
      code: "invalid_request",
    });
  });

  test("reads back what render wrote", async () => {
    const cell = fc
      .string({ minLength: 1, maxLength: 12 })
      .map((text) => text.trim())
      .filter((text) => text !== "" && !/^[=+@'-]/.test(text));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ a: cell, b: cell }), { minLength: 1, maxLength: 5 }),
        async (table) => {
          const { text } = await call("render", { table, headers: ["a", "b"] });
          expect(
            (await call("parse_csv", { text: asText(text), delimiter: ",", infer_types: false }))
              .table,
          ).toEqual(table);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test("render disarms cells that a spreadsheet would run", async () => {
  expect((await call("render", { table: [{ a: "=SUM(1)", b: -2 }] })).text).toBe(
    "a,b\n'=SUM(1),-2\n",
  );
  expect((await call("render", { table: [{ a: "x|y" }], format: "markdown" })).text).toBe(
    "| a |\n| --- |\n| x\\|y |",
  );
});

describe("filter", () => {
  const table = [
    { name: "Ada", score: 92 },
    { name: "Bob", score: "78" },
    { name: "Eve", score: null },
  ];

  test.each<[JsonObject, string[]]>([
    [{ score: { ">": 80 } }, ["Ada"]],
    [{ column: "score", operator: "<=", value: 78 }, ["Bob", "Eve"]],
    [{ any: [{ name: "Ada" }, { name: { contains: "v" } }] }, ["Ada", "Eve"]],
    [{ not: { score: { is_empty: true } } }, ["Ada", "Bob"]],
    [{ name: { in: ["Bob"] }, score: 78 }, ["Bob"]],
  ])("%j keeps %j", async (condition, names) => {
    const result = await call("filter", { table, condition });
    expect(
      z
        .array(z.looseObject({ name: z.string() }))
        .parse(result["table"])
        .map((row) => row.name),
    ).toEqual(names);
  });

  test("refuses an unknown comparison", async () => {
    await expect(
      call("filter", { table, condition: { score: { approx: 1 } } }),
    ).rejects.toMatchObject({ code: "invalid_request" });
  });
});

test("sort orders numbers as numbers and leaves equal rows in place", async () => {
  const table = [
    { a: 10, b: 1 },
    { a: 9, b: 2 },
    { a: 10, b: 3 },
  ];
  expect((await call("sort", { table, sort_by: ["a"] })).table).toEqual([
    table[1],
    table[0],
    table[2],
  ]);
  expect(
    (await call("sort", { table, sort_by: [{ column: "a", order: "desc" }, "-b"] })).table,
  ).toEqual([table[2], table[0], table[1]]);
});

test("aggregate groups in order of appearance and leaves out what is no number", async () => {
  const table = [
    { t: "b", h: 0.1 },
    { t: "a", h: 5 },
    { t: "b", h: 0.2 },
    { t: "b", h: "x" },
  ];
  const aggregations = [
    { column: "h", function: "sum" },
    { column: "h", function: "avg", as: "mean" },
    { function: "count" },
  ];
  expect((await call("aggregate", { table, aggregations, group_by: "t" })).results).toEqual([
    { t: "b", h_sum: 0.3, mean: 0.15, count: 3 },
    { t: "a", h_sum: 5, mean: 5, count: 1 },
  ]);
  expect(
    (await call("aggregate", { table: [], aggregations: [{ column: "h", function: "sum" }] }))
      .results,
  ).toEqual([{ h_sum: 0 }]);
  await expect(
    call("aggregate", { table, aggregations: [{ column: "h", function: "mode" }] }),
  ).rejects.toMatchObject({ code: "invalid_request" });
});

test("pivot leaves pairs that never occur null", async () => {
  const table = [
    { m: "Jan", p: "A", v: 1 },
    { m: "Jan", p: "A", v: 2 },
    { m: "Feb", p: "B", v: 5 },
  ];
  expect((await call("pivot", { table, index: "m", columns: "p", values: "v" })).table).toEqual([
    { m: "Jan", A: 3, B: null },
    { m: "Feb", A: null, B: 5 },
  ]);
});

test("profile finds gaps, odd types, repetitions and constants", async () => {
  const { issues, quality_score: score } = await call("profile", {
    table: [
      { a: 1, b: "x" },
      { a: 1, b: "x" },
      { a: "?", b: "x" },
      { a: null, b: "x" },
    ],
  });
  expect(
    z
      .array(z.looseObject({ kind: z.string() }))
      .parse(issues)
      .map((issue) => issue.kind),
  ).toEqual(["empty_cells", "mixed_types", "constant", "repeated_rows"]);
  expect(Number(score)).toBeLessThan(0.8);
  expect(await call("profile", { table: [] })).toMatchObject({ quality_score: 0, issues: [] });
});

test("sheets go to files and come back", async () => {
  await call("write_sheet", {
    path: "out/people.csv",
    table: [
      { name: "Ada", n: 1 },
      { name: "Bob", n: 2 },
    ],
  });
  expect(await readFile(path.join(sandboxDir, "out/people.csv"), "utf8")).toBe(
    "name,n\nAda,1\nBob,2\n",
  );
  expect(await call("read_sheet", { path: "out/people.csv", range: "2-2" })).toMatchObject({
    table: [{ name: "Bob", n: 2 }],
    row_count: 1,
  });
  await writeFile(path.join(sandboxDir, "list.json"), '[{"a": 1}]');
  expect(await call("read_sheet", { path: "list.json" })).toMatchObject({ headers: ["a"] });
  await expect(call("read_sheet", { path: "book.xlsx" })).rejects.toMatchObject({
    code: "invalid_request",
  });
});
