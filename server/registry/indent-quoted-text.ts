import type { YAMLError } from "yaml";

export type IndentedText = { text: string; indentedAt: number[]; width: number };

/** More than any nesting that people write. What a quoted text's lines begin with is not part of the text. */
const INDENT = " ".repeat(120);

/**
 * Indents the further lines of the quoted text that the parser gave up at, so that it can be read, or null where
 * there is no closing quote. `indentedAt` are offsets into the old text, one in each line that was indented.
 */
export function indentQuotedText(text: string, unclosed: YAMLError): IndentedText | null {
  const quote = unclosed.message.includes('"') ? '"' : "'";
  const next = text.indexOf("\n", unclosed.pos[0] - 1) + 1;
  const close = next === 0 ? -1 : findClosingQuote(text, next, quote);
  if (close === -1) return null;
  let mended = text.slice(0, next);
  const indentedAt: number[] = [];
  for (let at = next; at <= close;) {
    const end = text.indexOf("\n", at);
    const line = text.slice(at, end === -1 ? text.length : end + 1);
    if (line.trim() === "") mended += line;
    else {
      indentedAt.push(at);
      mended += INDENT + line;
    }
    at += line.length;
  }
  return {
    text: mended + text.slice(mended.length - indentedAt.length * INDENT.length),
    indentedAt,
    width: INDENT.length,
  };
}

function findClosingQuote(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\" && quote === '"') at++;
    else if (text[at] === quote) {
      if (quote === '"' || text[at + 1] !== "'") return at;
      at++;
    }
  }
  return -1;
}
