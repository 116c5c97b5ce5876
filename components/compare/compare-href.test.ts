import { expect, test } from "vitest";
import { compareHref, parseComparison } from "./compare-href.ts";

test.each([
  { a: "run_1", b: "run_2", step: "each#3" },
  { a: "run_1", b: null, step: null },
  { a: null, b: "run_2", step: "" },
  { a: null, b: null, step: null },
])("the address of %o says what it compares", (comparison) => {
  const { searchParams } = new URL(compareHref(comparison), "http://127.0.0.1");
  expect(parseComparison(searchParams)).toEqual(comparison);
});

test("an empty id is none", () => {
  expect(parseComparison(new URLSearchParams("a=+&b="))).toEqual({ a: null, b: null, step: null });
});
