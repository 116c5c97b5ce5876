import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Field } from "../../core/field.ts";
import type { Json } from "../../core/json.ts";
import { choiceLabel, choicesOf, readInput, toInputText } from "./input-text.ts";

const field = (type: Field["type"], rest: Partial<Field> = {}): Field => ({
  type,
  required: false,
  ...rest,
});

test("a value that fills an editor is read back as it was", () => {
  const cases = fc.oneof(
    fc.tuple(
      fc.constant(field("string")),
      fc.string().filter((text) => text.trim() !== ""),
    ),
    fc.tuple(fc.constant(field("integer")), fc.integer()),
    fc.tuple(fc.constant(field("boolean")), fc.boolean()),
    fc.tuple(fc.constant(field("array")), fc.array(fc.jsonValue({ maxDepth: 2 }))),
  );
  fc.assert(
    fc.property(cases, ([field, value]) => {
      const json: Json = JSON.parse(JSON.stringify(value));
      expect(readInput(field, toInputText(field, json))).toEqual({ kind: "value", value: json });
    }),
  );
});

test("an empty required input is a problem, unless a default stands in for it", () => {
  expect(readInput(field("string", { required: true }), " ").kind).toBe("problem");
  expect(readInput(field("string", { required: true, default: "x" }), "").kind).toBe("absent");
  expect(readInput(field("string"), "").kind).toBe("absent");
});

test.each([
  [field("integer"), "1.5", "whole number"],
  [field("number"), "ten", "not a number"],
  [field("array"), "{}", "A list"],
  [field("object"), "[1]", "An object"],
  [field("object"), '{"a": }', "Line 1, column 7"],
])("a text that does not fit says what is needed", (field, text, words) => {
  expect(readInput(field, text)).toMatchObject({
    kind: "problem",
    message: expect.stringContaining(words),
  });
});

test("choices are those of an enum, or of titled constants, which are called by their titles", () => {
  const titled = field("string", {
    schema: { oneOf: [{ const: "execute", title: "Make the call again" }, { const: "skip" }] },
  });
  expect(choicesOf(titled)).toEqual(["execute", "skip"]);
  expect(choiceLabel(titled, "execute")).toBe("Make the call again");
  expect(choiceLabel(titled, "skip")).toBe("skip");
  expect(readInput(titled, "execute")).toEqual({ kind: "value", value: "execute" });
  expect(choicesOf(field("string", { schema: { enum: ["a"] } }))).toEqual(["a"]);
  expect(choicesOf(field("string", { schema: { oneOf: [{ type: "string" }] } }))).toEqual([]);
});

test("the mask of a secret is read back as it is, also where a number stands behind it", () => {
  expect(readInput(field("number"), "[redacted]")).toEqual({ kind: "value", value: "[redacted]" });
});
