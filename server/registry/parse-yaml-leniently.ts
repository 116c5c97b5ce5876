import { LineCounter, parseDocument, type Document } from "yaml";
import { indentQuotedText } from "./indent-quoted-text.ts";

/** A parsed text, where its lines start, and by how much lines were indented to make it readable. */
export type LenientYaml = {
  parsed: Document.Parsed;
  lines: LineCounter;
  indents: ReadonlyMap<number, number>;
};

/** Each try mends one text; a document with more of them is not meant to be YAML. */
const MAX_MENDED_TEXTS = 50;
/** Each try reads the document anew. */
const MAX_MENDED_CHARACTERS = 64 * 1024;

/**
 * Parses YAML 1.2 with merge keys. Where a quoted text goes on in lines that are indented too little, and nothing else
 * is wrong, the document is read as if they were indented enough, as other readers do.
 */
export function parseYamlLeniently(text: string): LenientYaml {
  const indents = new Map<number, number>();
  let current = text;
  const maxTries = text.length > MAX_MENDED_CHARACTERS ? 0 : MAX_MENDED_TEXTS;
  for (let tries = 0; ; tries++) {
    const lines = new LineCounter();
    const parsed = parseDocument(current, {
      keepSourceTokens: true,
      logLevel: "error",
      lineCounter: lines,
      uniqueKeys: false,
      merge: true,
      prettyErrors: false,
    });
    const unclosed = parsed.errors.find((error) => error.message.startsWith("Missing closing"));
    const mended =
      unclosed === undefined || tries >= maxTries ? null : indentQuotedText(current, unclosed);
    if (mended === null) {
      // Only a document that was mended altogether is read in its mended form.
      if (parsed.errors.length === 0 || indents.size === 0) return { parsed, lines, indents };
      const strict = new LineCounter();
      const original = parseDocument(text, {
        lineCounter: strict,
        uniqueKeys: false,
        prettyErrors: false,
      });
      return { parsed: original, lines: strict, indents: new Map<number, number>() };
    }
    current = mended.text;
    for (const offset of mended.indentedAt) indents.set(lines.linePos(offset).line, mended.width);
  }
}
