import { allText } from "../decision/read-options.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { jaccard } from "../text/compare-texts.ts";
import { contentWords } from "../text/content-words.ts";
import { splitSentences, splitWords } from "../text/sentences.ts";
import { measureOutput } from "./score-output.ts";

/**
 * Scores an output against its `instruction` and, where given, a `reference`: relevance and faithfulness are shared words, fluency
 * is how near sentences are to 18 words, completeness the filled fields. Each 0 to 1; a dimension that nobody knows is left out.
 */
export const scoreResponse: Builtin = (input) => {
  const given = new InputReader(input);
  const text = allText(given.object("output"));
  const words = new Set(contentWords(text));
  const asked = new Set(contentWords(given.text("instruction")));
  const sentences = splitSentences(text);
  const perSentence = splitWords(text).length / Math.max(1, sentences.length);
  const known: Record<string, number> = {
    relevance:
      asked.size === 0 ? 0 : [...asked].filter((word) => words.has(word)).length / asked.size,
    fluency: Math.max(0, 1 - Math.abs(perSentence - 18) / 36),
    completeness: measureOutput(given.object("output")).coverage,
    ...(given.has("reference")
      ? { faithfulness: jaccard(words, new Set(contentWords(allText(given.json("reference"))))) }
      : {}),
  };
  const wanted = given.texts("dimensions", Object.keys(known));
  const scores = Object.fromEntries(
    wanted
      .filter((name) => Object.hasOwn(known, name))
      .map((name) => [name, Math.round((known[name] ?? 0) * 100) / 100]),
  );
  const values = Object.values(scores);
  return {
    scores,
    overall:
      values.length === 0
        ? 0
        : Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 100) / 100,
    status: values.length === wanted.length ? "ok" : "partial",
    rationale:
      values.length === wanted.length
        ? "By shared words and form."
        : `Not scored: ${wanted.filter((name) => !Object.hasOwn(known, name)).join(", ")}.`,
  };
};
