import { describe, expect, test } from "vitest";
import { CapabilitySchema } from "../../core/capability.ts";
import { DomainError } from "../../core/errors.ts";
import { compileContract } from "./contract-validation.ts";

function contractOf(inputs: object, outputs: object = {}) {
  return compileContract(
    CapabilitySchema.parse({
      id: "text.content.test",
      version: "1.0.0",
      description: "x",
      inputs,
      outputs,
    }),
  );
}

function problemsOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error instanceof DomainError ? error.details?.["problems"] : error;
  }
  return null;
}

const CONTEXT = { traceId: "trace-1", bindingId: "binding_1" };

describe("input", () => {
  const contract = contractOf({
    text: { type: "string", required: true },
    limit: { type: "integer" },
    ratio: { type: "number" },
    tags: { type: "array" },
    options: { type: "object" },
    loud: { type: "boolean" },
  });

  test("that fits passes, unknown keys and null optionals included", () => {
    const input = { text: "", limit: 3, ratio: 0.5, tags: [], options: {}, loud: null, other: 1 };
    expect(problemsOf(() => contract.validateInput(input))).toBeNull();
  });

  test("is refused with every problem and its path", () => {
    const input = { limit: 1.5, ratio: true, tags: {}, options: [], loud: "yes" };
    expect(problemsOf(() => contract.validateInput(input))).toEqual([
      { path: "text", problem: "is missing" },
      { path: "limit", problem: "is number, expected integer" },
      { path: "ratio", problem: "is boolean, expected number" },
      { path: "tags", problem: "is object, expected array" },
      { path: "options", problem: "is array, expected object" },
      { path: "loud", problem: "is string, expected boolean" },
    ]);
  });

  test("that is required and null is refused by name", () => {
    expect(() => contract.validateInput({ text: null })).toThrowError(
      expect.objectContaining({
        code: "invalid_request",
        message: "Input of text.content.test is not valid: text is null, but required.",
      }),
    );
  });

  test("is not found on the prototype", () => {
    expect(
      problemsOf(() => contractOf({ toString: { required: true } }).validateInput({})),
    ).toEqual([{ path: "toString", problem: "is missing" }]);
  });

  test("with a JSON Schema is checked by it, with dotted paths", () => {
    const options = {
      required: true,
      schema: {
        type: "array",
        items: {
          type: "object",
          properties: { kind: { enum: ["a", "b"] }, at: { type: "string", format: "date" } },
        },
      },
    };
    expect(
      problemsOf(() =>
        contractOf({ options }).validateInput({ options: [{ kind: "c", at: "never" }] }),
      ),
    ).toEqual([
      { path: "options.0.kind", problem: 'must be one of ["a","b"]' },
      { path: "options.0.at", problem: 'must match format "date"' },
    ]);
  });

  test("schemas with the same $id in two capabilities do not meet", () => {
    const named = (type: string) =>
      contractOf({ value: { schema: { $id: "https://schemas.test/same", type } } });
    expect(problemsOf(() => named("string").validateInput({ value: "x" }))).toBeNull();
    expect(problemsOf(() => named("number").validateInput({ value: 1 }))).toBeNull();
  });

  test("a schema that is none is refused by its place", () => {
    expect(() => contractOf({ value: { schema: { type: "text" } } })).toThrowError(
      /^inputs\.value\.schema of text\.content\.test is no valid JSON Schema/,
    );
  });
});

describe("output", () => {
  const managed = { type: "string", required: true };
  const contract = contractOf(
    {},
    { summary: managed, status: managed, rationale: managed, trace_ref: managed },
  );

  test("gets the outputs that the runtime manages, and the binding's object stays as it was", () => {
    const answered = { summary: "short", rationale: "" };
    expect(contract.completeOutput(answered, CONTEXT)).toEqual({
      summary: "short",
      status: "ok",
      rationale: "text.content.test answered through binding_1 without a rationale of its own.",
      trace_ref: "trace-1",
    });
    expect(answered).toEqual({ summary: "short", rationale: "" });
  });

  test("keeps what the binding gave, in the same object", () => {
    const answered = { summary: "s", status: "partial", rationale: "because", trace_ref: "t" };
    expect(contract.completeOutput(answered, CONTEXT)).toBe(answered);
  });

  test("gets no managed output that the contract does not declare", () => {
    expect(contractOf({}, { summary: managed }).completeOutput({ summary: "s" }, CONTEXT)).toEqual({
      summary: "s",
    });
  });

  test("is mended where storing would change it, before it is judged by its schema", () => {
    const answered = { summary: "cut \ud83d", status: "ok", rationale: "r", trace_ref: "t" };
    const completed = contract.completeOutput(answered, CONTEXT);
    expect(completed["summary"]).toBe("cut \ufffd");
    expect(answered.summary).toBe("cut \ud83d");
  });

  test.each([
    [{ data: { rate: Number.POSITIVE_INFINITY } }, "data.rate is Infinity, which is not JSON"],
    [{ data: JSON.parse("[".repeat(300) + "]".repeat(300)) }, "data is nested deeper than 200"],
  ])("that cannot be stored is the provider's failure, with its place", (answered, problem) => {
    const open = contractOf({}, { data: { schema: {} } });
    expect(() => open.completeOutput(answered, CONTEXT)).toThrowError(
      expect.objectContaining({
        code: "upstream_failure",
        message: expect.stringContaining(`by binding binding_1 is not valid: ${problem}`),
      }),
    );
  });

  test("without a required field is the provider's failure", () => {
    expect(() => contract.completeOutput({ summary: null }, CONTEXT)).toThrowError(
      expect.objectContaining({
        code: "upstream_failure",
        details: { problems: [{ path: "summary", problem: "is null, but required" }] },
      }),
    );
  });
});

test("the same content compiles once", () => {
  const inputs = { text: { type: "string", required: true } };
  expect(contractOf(inputs)).toBe(contractOf(inputs));
});
