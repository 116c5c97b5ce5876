import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { contentWords } from "./content-words.ts";

/** Length of a vector where none is asked for. */
export const DEFAULT_DIMENSIONS = 256;
/** Name of the method; it changes when vectors would. */
export const EMBEDDING_MODEL = "hashing-trick-v1";

/**
 * A vector of a text by the hashing trick (Weinberger et al., 2009): content words and their letter trigrams are
 * hashed (FNV-1a, 32 bits) into `dimensions` signed buckets, length 1. The same text always gives the same
 * vector; near vectors share words or spellings, not meaning.
 */
export function embed(text: string, dimensions = DEFAULT_DIMENSIONS): number[] {
  const vector = Array.from<number>({ length: dimensions }).fill(0);
  const add = (feature: string, weight: number) => {
    const hash = fnv1a(feature);
    const bucket = (hash >>> 1) % dimensions;
    vector[bucket] = (vector[bucket] ?? 0) + ((hash & 1) === 0 ? weight : -weight);
  };
  for (const word of contentWords(text)) {
    add(`w:${word}`, 1);
    const padded = `^${word}$`;
    for (let at = 0; at + 3 <= padded.length; at += 1) add(`t:${padded.slice(at, at + 3)}`, 0.3);
  }
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => Math.round((value / length) * 1e6) / 1e6);
}

/** Cosine of two vectors of length 1 (or 0): -1 to 1. */
export function cosine(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

/** 32-bit FNV-1a over UTF-16 units. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** `embed` as a native function: `text`, `dimensions` (16 to 4096). */
export const embedText: Builtin = (input) => {
  const given = new InputReader(input);
  const dimensions = given.whole("dimensions", DEFAULT_DIMENSIONS, 16, 4_096);
  return {
    embedding: embed(given.text("text"), dimensions),
    model: EMBEDDING_MODEL,
    dimensions,
    status: "ok",
    rationale: "Words and letter trigrams hashed into a vector: it compares wording, not meaning.",
  };
};
