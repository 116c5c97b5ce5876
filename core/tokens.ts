import { syntaxError } from "./syntax-error.ts";

/** One token of an expression or predicate. `column` counts from 1. */
export type Token =
  | { kind: "name" | "symbol" | "end"; text: string; column: number }
  | { kind: "string"; text: string; column: number; value: string }
  | { kind: "number"; text: string; column: number; value: number };

/** Names of a `predicate` may have dashes inside, since its bare words are data such as `read-only`. */
export type Dialect = "expression" | "predicate";

const SPACE = /\s+/uy;
const NUMBER = /\d+(?:\.\d+)?/y;
const STRING = /'[^']*'|"[^"]*"/y;
const SYMBOL = /[=!<>]=|[<>()[\],-]/y;
const NAMES: Record<Dialect, RegExp> = {
  expression: /[\p{L}_][\p{L}\p{M}\p{N}_]*(?:\.[\p{L}\p{M}\p{N}_]+)*/uy,
  predicate: /[\p{L}_][\p{L}\p{M}\p{N}_]*(?:(?:\.|-+)[\p{L}\p{M}\p{N}_]+)*/uy,
};

/** Splits a source into tokens, an `end` token last. DomainError `invalid_request` at the first unknown character. */
export function tokenize(source: string, dialect: Dialect): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0] ?? null;
    if (text !== null) at += text.length;
    return text;
  };
  while (at < source.length) {
    if (take(SPACE) !== null) continue;
    const column = at + 1;
    let text: string | null;
    if ((text = take(NAMES[dialect])) !== null) tokens.push({ kind: "name", text, column });
    else if ((text = take(STRING)) !== null) {
      tokens.push({ kind: "string", text, column, value: text.slice(1, -1) });
    } else if ((text = take(NUMBER)) !== null) {
      tokens.push({ kind: "number", text, column, value: toNumber(text, source, column) });
    } else if ((text = take(SYMBOL)) !== null) tokens.push({ kind: "symbol", text, column });
    else throw unknownCharacter(source, column);
  }
  tokens.push({ kind: "end", text: "", column: source.length + 1 });
  return tokens;
}

function toNumber(text: string, source: string, column: number): number {
  const value = Number(text);
  if (!Number.isFinite(value)) throw syntaxError(source, column, "the number is too large");
  return value;
}

function unknownCharacter(source: string, column: number): Error {
  const character = String.fromCodePoint(source.codePointAt(column - 1) ?? 0);
  switch (character) {
    case "'":
    case '"':
      return syntaxError(source, column, `the string is not closed with ${character}`);
    case "=":
      return syntaxError(source, column, `unknown character "="`, "Compare with ==.");
    case "!":
      return syntaxError(
        source,
        column,
        `unknown character "!"`,
        "Negate with not, or compare with !=.",
      );
    default:
      return syntaxError(source, column, `unknown character ${JSON.stringify(character)}`);
  }
}
