/** Where a text stops being JSON. Line and column count from 1. */
export type JsonErrorPlace = { position: number; line: number; column: number };

const SCALAR =
  /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const STRING = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\n\r]*/y;

/** The place of the first sign that cannot stand there (RFC 8259), or null for a text that is JSON. Never recurses. */
export function findJsonError(text: string): JsonErrorPlace | null {
  const position = findErrorPosition(text);
  if (position === null) return null;
  const before = text.slice(0, position).split("\n");
  return { position, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

type Expectation = "value" | "value_or_end" | "key" | "key_or_end" | "separator";

function findErrorPosition(text: string): number | null {
  const open: ("}" | "]")[] = [];
  let expected: Expectation = "value";
  let at = skip(SPACE, text, 0) ?? 0;
  for (;;) {
    if (expected === "separator" && open.length === 0) return at === text.length ? null : at;
    const sign = text[at];
    const closing = open.at(-1);
    if (
      sign === closing &&
      sign !== undefined &&
      (expected === "separator" || expected.endsWith("_or_end"))
    ) {
      open.pop();
      expected = "separator";
      at += 1;
    } else if (expected === "separator") {
      if (sign !== ",") return at;
      expected = closing === "}" ? "key" : "value";
      at += 1;
    } else if (expected.startsWith("key")) {
      const afterKey = skip(STRING, text, at);
      if (afterKey === null) return at;
      at = skip(SPACE, text, afterKey) ?? afterKey;
      if (text[at] !== ":") return at;
      expected = "value";
      at += 1;
    } else if (sign === "{" || sign === "[") {
      open.push(sign === "{" ? "}" : "]");
      expected = sign === "{" ? "key_or_end" : "value_or_end";
      at += 1;
    } else {
      const afterScalar = skip(SCALAR, text, at);
      if (afterScalar === null) return at;
      expected = "separator";
      at = afterScalar;
    }
    at = skip(SPACE, text, at) ?? at;
  }
}

function skip(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}
