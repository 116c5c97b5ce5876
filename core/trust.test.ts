import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DATA_CLASSIFICATIONS, TRUST_LEVELS } from "./capability.ts";
import { trustOf, type Permission } from "./permissions.ts";
import { lowestClassification, lowestTrust, permitsClassification, permitsTrust } from "./trust.ts";

const ORDERS = [
  ["trust", TRUST_LEVELS, permitsTrust, lowestTrust],
  ["data classification", DATA_CLASSIFICATIONS, permitsClassification, lowestClassification],
] as const;

describe.each(ORDERS)("%s", (_name, order, permits, lowest) => {
  const words: readonly string[] = order;
  const unknown = fc.string().filter((word) => !words.includes(word));

  test("permits what stands as high or lower, and nothing above", () => {
    for (const [given, high] of words.entries())
      for (const [needed, low] of words.entries()) expect(permits(high, low)).toBe(given >= needed);
  });

  test("permits nothing to and for an unknown word", () => {
    fc.assert(
      fc.property(unknown, fc.constantFrom(...words), (word, known) => {
        expect(permits(word, known)).toBe(false);
        expect(permits(known, word)).toBe(false);
        expect(permits(word, word)).toBe(false);
      }),
    );
  });

  test("the lowest of some words is one that permits no more than each; an unknown word is the lowest of all", () => {
    fc.assert(
      fc.property(fc.constantFrom(...words), fc.constantFrom(...words), unknown, (a, b, word) => {
        const found = lowest(a, b);
        expect([a, b]).toContain(found);
        expect(permits(a, found) && permits(b, found)).toBe(true);
        expect(lowest(a, word, b)).toBe(words[0]);
      }),
    );
  });
});

test.each<[Permission[], string]>([
  [["run:start"], "standard"],
  [["run:start", "trust:elevated"], "elevated"],
  [["trust:privileged"], "privileged"],
  [[], "standard"],
])("who may %s starts runs that are trusted as %s", (permissions, trust) => {
  expect(trustOf(new Set(permissions))).toBe(trust);
});
