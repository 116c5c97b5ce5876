import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { contentWords } from "./content-words.ts";
import { splitSentences, splitWords } from "./sentences.ts";

/**
 * Drafts by quoting: the sentences of `context` that share words with `instruction`, most related first, up to
 * `max_length` words (200). It writes nothing of its own, so the result is always `partial`, and empty without a context.
 */
export const generateText: Builtin = (input) => {
  const given = new InputReader(input);
  const asked = new Set(contentWords(given.text("instruction")));
  const limit = given.whole("max_length", 200, 1, 20_000);
  const ranked = splitSentences(given.text("context", ""))
    .slice(0, 5_000)
    .map((sentence, index) => ({
      sentence,
      index,
      shared: contentWords(sentence).filter((word) => asked.has(word)).length,
    }))
    .sort((a, b) => b.shared - a.shared || a.index - b.index);
  const chosen: string[] = [];
  let words = 0;
  for (const { sentence } of ranked) {
    words += splitWords(sentence).length;
    if (words > limit) break;
    chosen.push(sentence);
  }
  return {
    text: chosen.join(" "),
    status: "partial",
    rationale: `Quoted ${chosen.length} sentences of the context; no language model is bound, so nothing was written anew.`,
  };
};
