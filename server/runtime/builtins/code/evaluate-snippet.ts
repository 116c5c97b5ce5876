import { DomainError } from "../../../../core/errors.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";

const MAX_NESTING = 100;

/**
 * Evaluates arithmetic, bare or inside `print(…)`/`console.log(…)`, one expression per line, and nothing else: there is no
 * sandbox that may run code in this process. Anything beyond numbers, `+ - * / % **` and brackets is `invalid_request`.
 */
export const evaluateSnippet: Builtin = (input) => {
  const given = new InputReader(input);
  given.text("language");
  const lines = given
    .text("code")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const printed: string[] = [];
  let value: number | null = null;
  for (const [index, line] of lines.slice(0, 1_000).entries()) {
    const inner = /^(?:print|console\.log)\((.{0,2000})\);?$/.exec(line)?.[1];
    value = evaluate(inner ?? line.replace(/;$/, ""), index + 1);
    if (inner !== undefined) printed.push(String(value));
  }
  return {
    result: { value },
    stdout: printed.map((line) => `${line}\n`).join(""),
    stderr: "",
    exit_code: 0,
    status: "ok",
    rationale: "Evaluated as arithmetic; no code was run.",
  };
};

function evaluate(text: string, line: number): number {
  const tokens = text.match(/\d{1,30}(?:\.\d{1,30})?|\*\*|[-+*/%()]|\S/g) ?? [];
  let at = 0;
  const refuse = (): never => {
    throw new DomainError(
      "invalid_request",
      `Line ${line} is not plain arithmetic, and this binding runs no code.`,
      {
        hint: "Bind code.snippet.execute to a sandboxed interpreter to run programs.",
        details: { line },
      },
    );
  };
  const atom = (depth: number): number => {
    if (depth > MAX_NESTING) refuse();
    const token = tokens[at++];
    if (token === "-") return -atom(depth + 1);
    let value: number;
    if (token === "(") {
      value = sum(depth + 1);
      if (tokens[at++] !== ")") refuse();
    } else {
      value = token === undefined || !/^\d/.test(token) ? refuse() : Number(token);
    }
    if (tokens[at] !== "**") return value;
    at += 1;
    return value ** atom(depth + 1);
  };
  const product = (depth: number): number => {
    let value = atom(depth);
    for (let sign = tokens[at]; sign === "*" || sign === "/" || sign === "%"; sign = tokens[at]) {
      at += 1;
      const right = atom(depth);
      value = sign === "*" ? value * right : sign === "/" ? value / right : value % right;
    }
    return value;
  };
  const sum = (depth: number): number => {
    let value = product(depth);
    for (let sign = tokens[at]; sign === "+" || sign === "-"; sign = tokens[at]) {
      at += 1;
      value += sign === "+" ? product(depth) : -product(depth);
    }
    return value;
  };
  const value = sum(0);
  if (at !== tokens.length || !Number.isFinite(value)) refuse();
  return value;
}
