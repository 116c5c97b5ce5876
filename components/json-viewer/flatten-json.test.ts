import { expect, test } from "vitest";
import type { Json } from "../../core/json.ts";
import { findInJson, flattenJson } from "./flatten-json.ts";

const VALUE: Json = { a: 1, list: [{ name: "x" }, null], "odd key": { deep: true } };

test("an opened value shows its entries in their order, a closed one only its size", () => {
  const rows = flattenJson(VALUE, (path) => path === "" || path === "list");
  expect(rows.map((row) => [row.path, row.depth, row.size])).toEqual([
    ["", 0, 3],
    ["a", 1, null],
    ["list", 1, 2],
    ["list[0]", 2, 1],
    ["list[1]", 2, null],
    ['"odd key"', 1, 1],
  ]);
});

test("a value of ten thousand levels is shown without running out of stack", () => {
  let value: Json = 1;
  for (let level = 0; level < 10_000; level += 1) value = [value];
  expect(flattenJson(value, () => true)).toHaveLength(10_001);
});

test("a search finds keys and texts and names what must be opened to see them", () => {
  expect(findInJson(VALUE, "X")).toEqual({
    matches: ["list[0].name"],
    holders: new Set(["", "list", "list[0]"]),
  });
  expect(findInJson(VALUE, "deep").matches).toEqual(['"odd key".deep']);
});
