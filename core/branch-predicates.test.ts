import * as fc from "fast-check";
import { expect, test } from "vitest";
import { evaluatePredicate } from "./branch-predicates.ts";
import { DomainError } from "./errors.ts";
import type { Json } from "./json.ts";

function parseJson(text: string): Json {
  return JSON.parse(text);
}

const anyJson = fc.json().map(parseJson);

const context = {
  gate_decision: "pass",
  risk_level: "high",
  risk_score: 0.71,
  risk_safe: false,
  limit: 0.5,
  nothing: null,
  action: { safety_net: "low", active: true, levels: ["low", "high"] },
  "flat.key": "yes",
  "dashed-key": "read-only",
};

test.each([
  ["gate_decision == pass", true],
  ["gate_decision == block", false],
  ["gate_decision == pass and risk_level != critical", true],
  ["gate_decision == 'pass'", true],
  ['gate_decision == "block"', false],
  ["risk_score > 0.7", true],
  ["risk_score >= 0.71 and risk_score <= 0.71", true],
  ["risk_score < limit", false],
  ["risk_score > -1", true],
  ["risk_safe == false", true],
  ["risk_safe != true", true],
  ["not risk_safe", true],
  ["action.active", true],
  ["action.safety_net == 'low' or missing == true", true],
  ["action.safety_net in ('low', 'medium')", true],
  ["action.safety_net not in ('low', 'medium')", false],
  ["risk_level in (low, high)", true],
  ["risk_level in ['low', 'high']", true],
  ["risk_level in action.levels", true],
  ["risk_level in (action.levels)", true],
  ["'lo' in ('low')", false],
  ["'low' in ('low',)", true],
  ["'lo' in (low,)", false],
  ["risk_level in ()", false],
  ["gate_decision == pass and missing", false],
  ["risk_level in ('high') and risk_safe == true", false],
  ["(risk_level == 'high' and (risk_safe == true or risk_score > 0.35)) or missing", true],
  ["missing == none", true],
  ["nothing == null", true],
  ["nothing == nothing", true],
  ["missing.deep == 'x'", false],
  ["missing", false],
  ["flat.key == yes", true],
  ["dashed-key == read-only", true],
  ["'x' in missing", false],
  ["constructor == null", true],
])("%s is %j", (text, holds) => {
  expect(evaluatePredicate(text, context)).toBe(holds);
});

test.each([
  ["", 1],
  ["risk = high", 6],
  ["risk in ('a'", 13],
  ["risk in ('a' 'b')", 14],
  ["('a', 'b') == risk", 5],
  ["single simple direct", 8],
])("%j is refused at column %i", (text, column) => {
  expect(() => evaluatePredicate(text, {})).toThrow(
    expect.objectContaining({ code: "invalid_request", details: { source: text, column } }),
  );
});

test("any text over any context gives a boolean or a DomainError", () => {
  const fragment = fc.constantFrom(
    "a",
    "b.c",
    "in",
    "(",
    ")",
    ",",
    "'x'",
    "==",
    "not",
    "and",
    "1",
    "-",
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(fragment).map((parts) => parts.join(" ")),
  );
  fc.assert(
    fc.property(text, fc.dictionary(fc.constantFrom("a", "b"), anyJson), (source, map) => {
      try {
        expect(typeof evaluatePredicate(source, map)).toBe("boolean");
      } catch (error) {
        expect(error).toBeInstanceOf(DomainError);
      }
    }),
    { numRuns: 500 },
  );
});
