import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { selectSentences } from "./select-sentences.ts";
import { splitWords } from "./sentences.ts";

const DEFAULT_SENTENCES = 3;

/**
 * Shortens `text` to its own most telling sentences (see `selectSentences`), at most `max_length` words, or
 * three sentences without it. `max_length` always wins: a single sentence that is longer is cut and marked `partial`.
 */
export const summarizeText: Builtin = (input, context) => {
  const given = new InputReader(input);
  const text = given.text("text");
  const maxWords = given.has("max_length") ? given.whole("max_length", 60, 1, 100_000) : null;
  const count = (sentence: string) => splitWords(sentence).length;
  const choice = selectSentences(
    text,
    (chosen, next) =>
      maxWords === null
        ? chosen.length < DEFAULT_SENTENCES
        : chosen.reduce((sum, sentence) => sum + count(sentence), count(next)) <= maxWords,
    context.signal,
  );
  const joined = choice.sentences.join(" ");
  if (joined !== "" || maxWords === null) {
    return {
      summary: joined === "" ? text.trim().slice(0, 2_000) : joined,
      status: choice.isCut ? "partial" : "ok",
      rationale: `Kept ${choice.sentences.length} of ${choice.considered} sentences by word frequency (SumBasic).`,
    };
  }
  const words = text.trim().split(/\s/).filter(Boolean).slice(0, maxWords);
  return {
    summary: words.join(" "),
    status: "partial",
    rationale: `No sentence fits in ${maxWords} words, so the first ${words.length} words were kept.`,
  };
};
