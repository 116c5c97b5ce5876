import { DomainError } from "../../../../core/errors.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";

const DEFAULT_SIZE = 1_000;
const MAX_CHUNKS = 20_000;

/**
 * Cuts `text` into pieces of at most `chunk_size` characters (1,000), each repeating the last `overlap` (0) of the one
 * before. A piece ends at a paragraph, sentence or word where one ends in its last half; `start` and `end` are offsets.
 */
export const chunkText: Builtin = (input, context) => {
  const given = new InputReader(input);
  const text = given.text("text");
  const size = given.whole("chunk_size", DEFAULT_SIZE, 20, 1_000_000);
  const overlap = given.whole("overlap", 0, 0, 1_000_000);
  if (overlap >= size / 2) {
    throw new DomainError(
      "invalid_request",
      `An overlap of ${overlap} is too large for chunks of ${size} characters.`,
      {
        hint: "Keep the overlap below half of chunk_size.",
        details: { chunk_size: size, overlap },
      },
    );
  }
  const chunks: { index: number; text: string; start: number; end: number }[] = [];
  let start = 0;
  while (start < text.length) {
    context.signal.throwIfAborted();
    if (chunks.length === MAX_CHUNKS)
      throw new DomainError(
        "payload_too_large",
        `The text makes more than ${MAX_CHUNKS} chunks of ${size} characters.`,
      );
    const end = endOfChunk(text, start, size);
    chunks.push({ index: chunks.length, text: text.slice(start, end), start, end });
    if (end === text.length) break;
    start = end - overlap;
  }
  return {
    chunks,
    chunk_count: chunks.length,
    status: "ok",
    rationale: `Cut at ${size} characters with ${overlap} repeated.`,
  };
};

function endOfChunk(text: string, start: number, size: number): number {
  const hard = start + size;
  if (hard >= text.length) return text.length;
  const half = start + Math.ceil(size / 2);
  for (const mark of ["\n\n", ". ", "\n", " "]) {
    const at = text.lastIndexOf(mark, hard - mark.length);
    if (at >= half) return at + mark.length;
  }
  return isSurrogatePair(text, hard) ? hard - 1 : hard;
}

function isSurrogatePair(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
}
