import { diffSentences } from "diff";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { contentWords } from "./content-words.ts";
import { cosine, embed } from "./embed-text.ts";

const MAX_COMPARED = 200_000;
const MAX_DIFFERENCES = 200;

/**
 * Compares two texts: `similarity` (0 to 1) is the mean of shared words (Jaccard) and of the cosine of their hashed
 * vectors; `differences` are the sentences that only one of them has, at most 200.
 */
export const compareTexts: Builtin = (input) => {
  const given = new InputReader(input);
  const [textA, textB] = [
    given.text("text_a").slice(0, MAX_COMPARED),
    given.text("text_b").slice(0, MAX_COMPARED),
  ];
  const words = jaccard(new Set(contentWords(textA)), new Set(contentWords(textB)));
  const similarity =
    textA === textB
      ? 1
      : Math.round(((words + Math.max(0, cosine(embed(textA), embed(textB)))) / 2) * 100) / 100;
  const changes = diffSentences(textA, textB, { timeout: 2_000 }) ?? [];
  const differences = changes
    .filter((change) => (change.added || change.removed) && change.value.trim() !== "")
    .slice(0, MAX_DIFFERENCES)
    .map((change) => ({
      kind: change.added ? "only_in_b" : "only_in_a",
      text: change.value.trim(),
    }));
  const onlyA = differences.filter((difference) => difference.kind === "only_in_a").length;
  return {
    similarity,
    differences,
    summary:
      differences.length === 0
        ? "The texts say the same in the same words."
        : `${Math.round(similarity * 100)} % alike: ${onlyA} passages only in the first, ${differences.length - onlyA} only in the second.`,
    status: "ok",
    rationale: `Shared words ${Math.round(words * 100)} %.`,
  };
};

/** Share of the members of both sets that are in both: 0 to 1; two empty sets are alike. */
export function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = [...a].filter((word) => b.has(word)).length;
  const all = a.size + b.size - both;
  return all === 0 ? 1 : both / all;
}
