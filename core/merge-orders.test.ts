import * as fc from "fast-check";
import { expect, test } from "vitest";
import { mergeOrders } from "./merge-orders.ts";

const NAMES: string[] = ["a", "b", "c", "d", "e", "f", "g", "h"];
const anyOrder = fc.uniqueArray(fc.constantFrom(...NAMES));

test("what only one list has stands where it stands there", () => {
  expect(mergeOrders(["a", "b", "d"], ["a", "c", "d", "e"])).toEqual(["a", "b", "c", "d", "e"]);
  expect(mergeOrders(["z", "a"], ["a"])).toEqual(["z", "a"]);
});

test("every name stands once, whichever list comes first", () => {
  fc.assert(
    fc.property(anyOrder, anyOrder, (first, second) => {
      const merged = mergeOrders(first, second);
      expect(merged.toSorted()).toEqual([...new Set([...first, ...second])].toSorted());
      expect(mergeOrders(second, first)).toEqual(merged);
    }),
  );
});

test("two parts of one order come together in an order that keeps both", () => {
  fc.assert(
    fc.property(anyOrder, fc.func(fc.boolean()), fc.func(fc.boolean()), (whole, inOne, inOther) => {
      const one = whole.filter(inOne);
      const other = whole.filter(inOther);
      const merged = mergeOrders(one, other);
      expect(merged.filter((name) => one.includes(name))).toEqual(one);
      expect(merged.filter((name) => other.includes(name))).toEqual(other);
    }),
  );
});
