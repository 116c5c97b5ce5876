import type { JsonObject } from "../../../../core/json.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { splitWords } from "./sentences.ts";
import { INTENSIFIERS, NEGATIONS, NEGATIVE_WORDS, POSITIVE_WORDS } from "./sentiment-words.ts";

/**
 * The tone of an English text by a small word list: a word in the three before it that negates turns it round, one
 * that strengthens counts it 1.5 times. `score` is -1 to 1; without any listed word the tone is `neutral` and `partial`.
 */
export const analyzeSentiment: Builtin = (input) => {
  const given = new InputReader(input);
  const found = scoreWords(splitWords(given.text("text")).map((word) => word.toLowerCase()));
  const total = found.positive + found.negative;
  const score =
    total === 0 ? 0 : Math.round(((found.positive - found.negative) / total) * 100) / 100;
  const dimensions: JsonObject = {};
  for (const dimension of given.texts("dimensions", ["positivity", "negativity", "intensity"])) {
    dimensions[dimension] = dimensionOf(dimension, found, total);
  }
  return {
    sentiment: sentimentOf(score, found),
    score,
    dimensions,
    status: total === 0 ? "partial" : "ok",
    rationale:
      total === 0
        ? "The text holds none of the words on the sentiment list."
        : `Counted by a word list: ${found.words.slice(0, 8).join(", ")}.`,
  };
};

type Found = { positive: number; negative: number; words: string[]; length: number };

function scoreWords(words: readonly string[]): Found {
  const found: Found = { positive: 0, negative: 0, words: [], length: words.length };
  for (const [index, word] of words.entries()) {
    const isPositive = POSITIVE_WORDS.has(word);
    if (!isPositive && !NEGATIVE_WORDS.has(word)) continue;
    const before = words.slice(Math.max(0, index - 3), index);
    const weight = before.some((earlier) => INTENSIFIERS.has(earlier)) ? 1.5 : 1;
    const isTurned = before.some((earlier) => NEGATIONS.has(earlier));
    found[isPositive === isTurned ? "negative" : "positive"] += weight;
    found.words.push(isTurned ? `not ${word}` : word);
  }
  return found;
}

function sentimentOf(score: number, found: Found): string {
  if (Math.abs(score) < 0.2) return found.positive > 0 && found.negative > 0 ? "mixed" : "neutral";
  return score > 0 ? "positive" : "negative";
}

function dimensionOf(dimension: string, found: Found, total: number): number {
  if (total === 0) return 0;
  const share = /neg|anger|frustrat|sad|fear|urgen/i.test(dimension)
    ? found.negative / total
    : found.positive / total;
  const value = /intens|arous|strength/i.test(dimension)
    ? Math.min(1, (total / Math.max(1, found.length)) * 5)
    : share;
  return Math.round(value * 100) / 100;
}
