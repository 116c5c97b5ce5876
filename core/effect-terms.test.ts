import { describe, expect, test } from "vitest";
import { termsOfEffect, termsOfFilter, type EffectTermFilter } from "./effect-terms.ts";
import type { JsonObject } from "./json.ts";

const FACTS = {
  capabilityId: "shop.order.place",
  bindingId: "shop_place",
  serviceId: "shop",
  stepPath: "outer/order",
  receipt: "rcpt-77",
};
const REQUEST: JsonObject = {
  order: 42,
  isGift: true,
  customer: { name: "Ada Lovelace", password: "hunter2hunter2" },
  items: [{ sku: "A1" }, { sku: "B2" }],
  note: "Authorization: Bearer abcdefghijkl",
  hint: "the code is instance-secret",
};

const fits = (filter: EffectTermFilter, request: JsonObject | null = REQUEST) => {
  const terms = termsOfEffect(FACTS, request, ["instance-secret"]);
  return termsOfFilter(filter).every((term) => terms.has(term));
};

describe("an effect is found by", () => {
  test.each<[string, EffectTermFilter]>([
    ["its capability", { capability: "shop.order.place" }],
    ["its binding", { binding: "shop_place" }],
    ["its capability as target", { target: "shop.order.place" }],
    ["its binding as target", { target: "shop_place" }],
    ["its service as target", { target: "shop" }],
    ["its receipt", { receipt: "rcpt-77" }],
    ["a number in its request", { request: { order: "42" } }],
    ["a yes or no in its request", { request: { isGift: "true" } }],
    ["a nested field", { request: { "customer.name": "Ada Lovelace" } }],
    ["any item of a list", { request: { "items.sku": "B2" } }],
    ["words of different places in any case", { words: "LOVELACE rcpt order" }],
    ["several fields together", { target: "shop", request: { order: "42", "items.sku": "A1" } }],
  ])("%s", (_, filter) => expect(fits(filter)).toBe(true));
});

describe("an effect is not found by", () => {
  test.each<[string, EffectTermFilter]>([
    ["another capability", { capability: "shop.order" }],
    ["a binding where the capability is asked for", { capability: "shop_place" }],
    ["part of a value", { request: { "customer.name": "Ada" } }],
    ["a value of another field", { request: { number: "42" } }],
    ["a word of which it has only the beginning", { words: "Love" }],
    ["one fitting field of two", { request: { order: "42", "items.sku": "C3" } }],
    ["what stands under a secret's name", { request: { "customer.password": "hunter2hunter2" } }],
    ["a word of a secret", { words: "hunter2hunter2" }],
    ["a text that shows a credential", { words: "abcdefghijkl" }],
    ["a text that holds a secret of the instance", { words: "code" }],
  ])("%s", (_, filter) => expect(fits(filter)).toBe(false));
});

test("a receipt that shows a credential is not searched", () => {
  const receipt = "https://shop.example/?token=abcdefgh1234";
  const terms = termsOfEffect({ ...FACTS, receipt }, null, []);
  expect(terms.has(`receipt=${receipt}`)).toBe(false);
  expect(terms.has("word=abcdefgh1234")).toBe(false);
});

test("an effect without a known request is found by everything else", () => {
  expect(fits({ target: "shop", words: "order" }, null)).toBe(true);
});

test("a large request gives a bounded number of terms", () => {
  const many = Object.fromEntries(
    Array.from({ length: 5_000 }, (_, i) => [`f${i}`, `w${i} x${i}`]),
  );
  expect(termsOfEffect(FACTS, many, []).size).toBeLessThan(200);
});
