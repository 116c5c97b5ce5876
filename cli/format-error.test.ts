import { describe, expect, test } from "vitest";
import { DomainError } from "../core/errors.ts";
import { CliError, toCliError, usageError } from "./cli-error.ts";
import { paintNothing } from "./terminal/tone.ts";
import { errorDocument, formatError } from "./format-error.ts";

const format = (error: CliError, width: number | null = null) =>
  formatError(error, { width, paint: paintNothing });

describe("an error for people", () => {
  test("has code and message, then the hint and the trace", () => {
    const error = new CliError("run_not_found", "There is no run run_1.", {
      exitCode: 3,
      hint: "Check the id.",
      traceId: "abc",
    });
    expect(format(error)).toBe(
      "orca: run_not_found: There is no run run_1.\n  hint   Check the id.\n  trace  abc",
    );
  });

  test("names each problem where there are several", () => {
    const fields = [
      { path: "inputs.a", message: "expected string" },
      { path: "inputs.b", message: "expected number" },
    ];
    const problems = Array.from({ length: 12 }, (_, index) => ({
      path: `p${index}`,
      problem: "is missing",
    }));
    const options = { exitCode: 3 } as const;
    expect(
      format(new CliError("invalid_request", "No.", { ...options, details: { fields } })),
    ).toBe(
      "orca: invalid_request: No.\n  at     inputs.a: expected string\n  at     inputs.b: expected number",
    );
    const many = format(new CliError("x", "No.", { ...options, details: { problems } }));
    expect(many.split("\n")).toHaveLength(12);
    expect(many).toContain("… 2 more");
  });

  test("is broken between words where the terminal is narrow", () => {
    const error = usageError("One two three four.", { hint: "Five six seven eight." });
    expect(format(error, 24)).toBe(
      "orca: usage: One two\n  three four.\n  hint   Five six seven\n         eight.",
    );
  });

  test("stays on its lines whatever the server sends", () => {
    const error = usageError("a\nb\u001b[31m", { hint: "c\nd" });
    expect(format(error)).toBe("orca: usage: a b\n  hint   c d");
  });
});

test("an error for programs has the shape of the API's", () => {
  const error = new CliError("conflict", "No.", { exitCode: 3, details: { a: 1 }, traceId: "t" });
  expect(errorDocument(error)).toEqual({
    error: { code: "conflict", message: "No.", details: { a: 1 } },
    trace_id: "t",
  });
});

test("whatever is thrown becomes an error with an exit code", () => {
  expect(toCliError(new DomainError("invalid_configuration", "No."))).toMatchObject({
    code: "invalid_configuration",
    exitCode: 2,
  });
  expect(toCliError(new DomainError("unavailable", "No."))).toMatchObject({ exitCode: 4 });
  expect(toCliError("odd")).toMatchObject({ code: "internal_error", message: "odd", exitCode: 4 });
});
