import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { contentWords } from "./content-words.ts";
import { splitSentences } from "./sentences.ts";

/**
 * Answers `question` with the sentence of `context` that shares most of its words, rare words counting more
 * (inverse sentence frequency, Spärck Jones 1972). Without a shared word the answer is empty and `partial`: nothing is made up.
 */
export const answerQuestion: Builtin = (input, context) => {
  const given = new InputReader(input);
  const asked = new Set(contentWords(given.text("question")));
  const sentences = splitSentences(given.text("context")).slice(0, 5_000);
  const words = sentences.map((sentence) => new Set(contentWords(sentence)));
  const rarity = new Map<string, number>();
  for (const word of asked) {
    context.signal.throwIfAborted();
    rarity.set(
      word,
      Math.log(1 + sentences.length / (1 + words.filter((set) => set.has(word)).length)),
    );
  }
  const total = [...rarity.values()].reduce((sum, value) => sum + value, 0);
  let best = -1;
  let bestScore = 0;
  for (const [index, set] of words.entries()) {
    const score = [...asked].reduce(
      (sum, word) => sum + (set.has(word) ? (rarity.get(word) ?? 0) : 0),
      0,
    );
    if (score > bestScore) [best, bestScore] = [index, score];
  }
  if (best < 0)
    return {
      answer: "",
      confidence: 0,
      status: "partial",
      rationale: "No sentence of the context shares a word with the question.",
    };
  return {
    answer: sentences[best] ?? "",
    confidence: Math.round((bestScore / total) * 100) / 100,
    status: "ok",
    rationale: `Sentence ${best + 1} of ${sentences.length} shares most of the question's words.`,
  };
};
