import { isJsonObject } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { contentWords } from "../text/content-words.ts";
import { textOfItem } from "../text/merge-texts.ts";
import { splitSentences } from "../text/sentences.ts";

const SUPPORT = 0.6;
const NEGATED = /\b(?:not|no|never|false|denied|wrong|n't)\b/i;

/**
 * Looks for a sentence in `sources` that holds 60 % of the claim's words, numbers included, and negates as the claim does. `verified` means
 * such a sentence is there, not that it is true; sentences that hold the words but negate otherwise come as `contradicts`.
 */
export const verifyClaim: Builtin = (input, context) => {
  const given = new InputReader(input);
  const claim = given.text("claim");
  const words = [...new Set(contentWords(claim))];
  const evidence = given.list("sources").flatMap((source, index) => {
    context.signal.throwIfAborted();
    const id =
      (isJsonObject(source) ? asText(source["id"] ?? source["url"] ?? source["title"]) : "") ||
      `source-${index + 1}`;
    return splitSentences(textOfItem(source))
      .slice(0, 2_000)
      .flatMap((sentence) => {
        const own = new Set(contentWords(sentence));
        const support =
          words.length === 0 ? 0 : words.filter((word) => own.has(word)).length / words.length;
        const hasNumbers = (claim.match(/\d[\d.,]{0,20}/g) ?? []).every((number) =>
          sentence.includes(number),
        );
        if (support < SUPPORT || !hasNumbers) return [];
        const stance = NEGATED.test(sentence) === NEGATED.test(claim) ? "supports" : "contradicts";
        return [
          {
            source: id,
            excerpt: sentence.slice(0, 400),
            support: Math.round(support * 100) / 100,
            stance,
          },
        ];
      });
  });
  const best = evidence.sort((a, b) => b.support - a.support).slice(0, 20);
  const isVerified =
    best.some((entry) => entry.stance === "supports") &&
    !best.some((entry) => entry.stance === "contradicts");
  return {
    verified: isVerified,
    evidence: best,
    status: "ok",
    rationale:
      best.length === 0
        ? "No sentence of the sources holds enough of the claim's words."
        : `${best.length} sentences hold the claim's words; compared by wording.`,
  };
};
