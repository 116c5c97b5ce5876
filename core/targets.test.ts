import * as fc from "fast-check";
import { expect, test } from "vitest";
import { DomainError } from "./errors.ts";
import { parseTarget } from "./targets.ts";

test.each(["vars", "outputs", "working", "output", "extensions"])(
  "%s can be written",
  (namespace) => {
    expect(parseTarget(`${namespace}.a.b`)).toEqual({
      namespace,
      path: ["a", "b"],
      source: `${namespace}.a.b`,
    });
  },
);

test.each([
  ["inputs.x", "inputs is read-only"],
  ["frame.x", "frame is read-only"],
  ["trace.x", "trace is read-only"],
  ["result.x", 'there is no namespace "result"'],
  ["plain", 'there is no namespace "plain"'],
  ["", 'there is no namespace ""'],
  ["vars", "the name after vars is missing"],
  ["vars.", "a name between the dots is empty"],
  ["working.a..b", "a name between the dots is empty"],
  ["working.__proto__.x", "__proto__ is not a name"],
])("%j is refused: %s", (text, problem) => {
  expect(() => parseTarget(text)).toThrow(
    expect.objectContaining({
      code: "invalid_configuration",
      message: `"${text}" cannot be written: ${problem}.`,
      hint: expect.stringContaining("vars.<name>"),
    }),
  );
});

test("any text is a target or a DomainError", () => {
  const text = fc.oneof(
    fc.string(),
    fc.string().map((path) => `vars.${path}`),
  );
  fc.assert(
    fc.property(text, (source) => {
      try {
        expect(parseTarget(source).source).toBe(source);
      } catch (error) {
        expect(error).toBeInstanceOf(DomainError);
      }
    }),
  );
});
