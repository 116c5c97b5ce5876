import { expect, test } from "vitest";
import type { Json } from "./json.ts";
import { isSearchableJson } from "./searchable-json.ts";

test.each<[string, Json]>([
  ["a NUL", { a: "x\0y" }],
  ["a NUL in a key", { "x\0y": 1 }],
  ["half of a pair", { a: "x\ud800y" }],
  ["half of a pair deep inside", { a: [{ b: ["\udc00"] }] }],
])("%s cannot be searched", (_what, value) => {
  expect(isSearchableJson(value)).toBe(false);
});

test.each<[string, Json]>([
  ["plain values", { a: [1, null, true, "text"], b: {} }],
  ["a whole pair", { a: "🐋" }],
  ["the words for NUL", { a: String.raw`\u0000` }],
])("%s can", (_what, value) => {
  expect(isSearchableJson(value)).toBe(true);
});
