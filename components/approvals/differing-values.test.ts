import { expect, test } from "vitest";
import { differingValues } from "./differing-values.ts";

test("each payload has its own value at every place where not all are the same, however deep", () => {
  const pay = (amount: number, account: string, more = {}) => ({
    customer: "Ada",
    amount,
    bank: { account, country: "DE" },
    ...more,
  });
  expect(differingValues([pay(8, "x"), pay(8, "y"), pay(9, "x", { note: "!" })])).toEqual([
    [
      { path: "bank.account", value: "x" },
      { path: "amount", value: 8 },
      { path: "note", value: undefined },
    ],
    [
      { path: "bank.account", value: "y" },
      { path: "amount", value: 8 },
      { path: "note", value: undefined },
    ],
    [
      { path: "bank.account", value: "x" },
      { path: "amount", value: 9 },
      { path: "note", value: "!" },
    ],
  ]);
});

test("equal payloads differ nowhere; what is another kind of value is told as a whole", () => {
  expect(differingValues([{ a: 1 }, { a: 1 }])).toEqual([[], []]);
  expect(differingValues([])).toEqual([]);
  expect(differingValues([{ a: { b: 1 } }, { a: { b: 2 } }, { a: "none" }])[2]).toEqual([
    { path: "a", value: "none" },
  ]);
});
