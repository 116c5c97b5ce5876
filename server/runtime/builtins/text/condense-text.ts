import { DomainError } from "../../../../core/errors.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { selectSentences } from "./select-sentences.ts";
import { splitSentences, splitWords } from "./sentences.ts";

/** Keeps `keep_share` (0.6) of the sentences of `text`, rounded down but at least one: repeated, it always gets shorter down to one sentence. */
export const condenseText: Builtin = (input, context) => {
  const given = new InputReader(input);
  const text = given.text("text");
  const share = given.number("keep_share", 0.6);
  if (share <= 0 || share > 1)
    throw new DomainError("invalid_request", `A share of ${share} cannot be kept.`, {
      hint: "Give keep_share between 0 and 1.",
    });
  const total = splitSentences(text).length;
  const wanted = Math.max(1, Math.floor(total * share));
  const { sentences } = selectSentences(text, (chosen) => chosen.length < wanted, context.signal);
  const summary = sentences.length === 0 ? text.trim() : sentences.join(" ");
  return {
    summary,
    word_count: splitWords(summary).length,
    status: "ok",
    rationale: `Kept ${sentences.length} of ${total} sentences.`,
  };
};
