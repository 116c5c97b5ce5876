/** Where a text stops being JSON, counted from 1, and what stands there. */
export type JsonProblem = { line: number; column: number; message: string };

const WHITESPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const PLAIN = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

type Expectation =
  "value" | "value or ]" | "key" | "key or }" | "colon" | ", or ]" | ", or }" | "end";

const WANTED: Record<Expectation, string> = {
  value: "a value",
  "value or ]": "a value or ]",
  key: "a key in double quotes",
  "key or }": "a key in double quotes or }",
  colon: "a colon",
  ", or ]": "a comma or ]",
  ", or }": "a comma or }",
  end: "nothing more",
};

/**
 * The first place at which a text is not JSON, or null for one that is. Browsers word such errors differently and
 * often leave the place out, so it is found by reading. Depth costs no call stack.
 */
export function findJsonProblem(text: string): JsonProblem | null {
  const open: ("[" | "{")[] = [];
  let expected: Expectation = "value";
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  const afterValue = (): Expectation =>
    open.length === 0 ? "end" : open.at(-1) === "[" ? ", or ]" : ", or }";

  for (;;) {
    take(WHITESPACE);
    const character = text[at];
    if (expected === "end") return character === undefined ? null : problemAt(text, at, expected);
    if (character === undefined) return problemAt(text, at, expected);
    if (expected === "value" || expected === "value or ]") {
      if (character === "]" && expected === "value or ]") {
        at += 1;
        open.pop();
        expected = afterValue();
      } else if (character === "[" || character === "{") {
        at += 1;
        open.push(character);
        expected = character === "[" ? "value or ]" : "key or }";
      } else if (take(STRING) || take(PLAIN)) {
        expected = afterValue();
      } else return problemAt(text, at, expected);
    } else if (expected === "colon") {
      if (character !== ":") return problemAt(text, at, expected);
      at += 1;
      expected = "value";
    } else if (expected === ", or ]" || expected === ", or }") {
      const end: "]" | "}" = expected === ", or ]" ? "]" : "}";
      if (character === ",") expected = end === "]" ? "value" : "key";
      else if (character === end) {
        open.pop();
        expected = afterValue();
      } else return problemAt(text, at, expected);
      at += 1;
    } else if (character === "}" && expected === "key or }") {
      at += 1;
      open.pop();
      expected = afterValue();
    } else if (take(STRING)) {
      expected = "colon";
    } else return problemAt(text, at, expected);
  }
}

function problemAt(text: string, at: number, expected: Expectation): JsonProblem {
  const before = text.slice(0, at).split("\n");
  const found = text[at];
  const what =
    found === undefined
      ? "the text ends"
      : found === '"'
        ? "a text begins that does not end or has a wrong escape"
        : `“${found}” stands there`;
  return {
    line: before.length,
    column: (before.at(-1) ?? "").length + 1,
    message: `expected ${WANTED[expected]}, but ${what}`,
  };
}
