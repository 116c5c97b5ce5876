import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "./json.ts";
import { compileGate, type GateDocument } from "./policy-gate.ts";

const INPUT = { body: "hello", to: ["ada"] };

function verdict(allowWhen: string | undefined, result: JsonObject): boolean | string {
  const document: GateDocument =
    allowWhen === undefined
      ? "text.note.check"
      : { capability: "text.note.check", allow_when: allowWhen, on_fail: "warn" };
  try {
    return compileGate(document, "pre_gate").verdictOf({ input: INPUT, result });
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "another error";
  }
}

test.each<[string | undefined, JsonObject, boolean | string]>([
  [undefined, { allowed: true }, true],
  [undefined, { allowed: false }, false],
  [undefined, {}, "gate_execution_failure"],
  [undefined, { allowed: null }, "gate_execution_failure"],
  [undefined, { allowed: "true" }, "gate_execution_failure"],
  [undefined, { allowed: 1 }, "gate_execution_failure"],
  ["not result.found", { found: false }, true],
  ["not result.found", { found: true }, false],
  // Missing is not false: a gate that changed its outputs must not let everything through.
  ["not result.found", {}, "gate_execution_failure"],
  ["result.score < 3 and input.body == 'hello'", { score: 2 }, true],
  ["result.score < 3", { score: 5 }, false],
  ["result.score", { score: 2 }, "gate_execution_failure"],
])("allow_when %s of %o is %s", (allowWhen, result, expected) => {
  expect(verdict(allowWhen, result)).toBe(expected);
});

test("without allow_when nothing but true allows, whatever the result holds", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const allowed: Json = JSON.parse(JSON.stringify(value));
      expect(verdict(undefined, { allowed }) === true).toBe(allowed === true);
    }),
  );
});

describe("what a gate is called with", () => {
  test("is the step's input, after the call its output, or what the mapping says", () => {
    const output = { text: "hi" };
    const pre = compileGate("a.b", "pre_gate");
    const post = compileGate("a.b", "post_gate");
    const mapped = compileGate(
      { capability: "a.b", on_fail: "block", input: { text: "output.text", to: "input.to.0" } },
      "post_gate",
    );
    expect(pre.inputOf({ input: INPUT })).toEqual(INPUT);
    expect(post.inputOf({ input: INPUT, output })).toEqual(output);
    expect(mapped.inputOf({ input: INPUT, output })).toEqual({ text: "hi", to: "ada" });
    expect(() => mapped.inputOf({ input: {}, output })).toThrow("input.to.0");
  });

  test.each([
    [{ input: { text: "vars.text" } }],
    [{ input: { text: "output.text" } }],
    [{ allow_when: "vars.ok" }],
    [{ allow_when: "output.ok" }],
    [{ allow_when: "result.ok ==" }],
  ])("cannot name the run's values, nor the output before the call: %o", (parts) => {
    expect(() =>
      compileGate({ capability: "a.b", on_fail: "block", ...parts }, "pre_gate"),
    ).toThrow();
  });
});
