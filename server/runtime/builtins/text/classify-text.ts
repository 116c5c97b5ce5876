import { DomainError } from "../../../../core/errors.ts";
import { isJsonObject, type Json } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { lookUp } from "../look-up.ts";
import { contentWords, countContentWords } from "./content-words.ts";
import { cosine, embed } from "./embed-text.ts";
import { TOPIC_WORDS } from "./topic-words.ts";

const GENERAL_LABELS = [
  "finance",
  "technology",
  "health",
  "politics",
  "science",
  "sports",
  "legal",
  "other",
];

/** A label to choose: its name, and words that speak for it. */
export type Label = { name: string; words: string };
/** How well a label fits, and the words that speak for it. */
export type LabelScore = { label: string; score: number; hits: string[] };

/** Reads labels given as texts, or as `{label | id | name, description?, keywords?}`. */
export function readLabels(labels: readonly Json[]): Label[] {
  return labels.map((label) => {
    if (!isJsonObject(label)) return { name: asText(label), words: asText(label) };
    const name = asText(label["label"] ?? label["id"] ?? label["name"]);
    const words = [name, asText(label["description"]), asText(label["keywords"])].join(" ");
    return { name, words };
  });
}

/** Scores every label by the words it shares with the text (each word counts once, rarer ones a little more) and spelling. */
export function scoreLabels(text: string, labels: readonly Label[]): LabelScore[] {
  const counts = countContentWords(text);
  const vector = embed(text);
  return labels
    .map(({ name, words }) => {
      const topic = lookUp(TOPIC_WORDS, name.trim().toLowerCase()) ?? "";
      const own = new Set(contentWords(words));
      const speaking = new Set([...own, ...contentWords(topic)]);
      const hits = [...speaking].filter((word) => counts.has(word));
      const overlap = hits.reduce(
        (sum, word) => sum + (own.has(word) ? 2 : 1) + Math.log1p(counts.get(word) ?? 0) / 4,
        0,
      );
      return { label: name, score: overlap + Math.max(0, cosine(vector, embed(words))), hits };
    })
    .sort((a, b) => b.score - a.score);
}

/**
 * Chooses the label of `labels` (eight general topics where none are given) whose words `text` shares most.
 * `confidence` is the winner's share of all scores, 0 where no label shares a word; the result is then `partial`.
 */
export const classifyText: Builtin = (input) => {
  const given = new InputReader(input);
  const labels = readLabels(given.list("labels", GENERAL_LABELS));
  if (labels.length === 0)
    throw new DomainError(
      "invalid_request",
      'Input "labels" is empty: there is nothing to choose from.',
    );
  const scores = scoreLabels(given.text("text"), labels);
  const other = scores.find((entry) =>
    ["other", "unknown", "general"].includes(entry.label.toLowerCase()),
  );
  const best = scores[0]?.hits.length === 0 ? (other ?? scores[0]) : scores[0];
  const total = scores.reduce((sum, entry) => sum + entry.score, 0);
  const hits = best?.hits ?? [];
  return {
    label: best?.label ?? "",
    confidence: hits.length === 0 || total === 0 ? 0 : round((best?.score ?? 0) / total),
    scores: scores.map((entry) => ({ label: entry.label, score: round(entry.score) })),
    status: hits.length === 0 ? "partial" : "ok",
    rationale:
      hits.length === 0
        ? "No label shares a word with the text; the choice is a guess by spelling."
        : `Shares ${hits.slice(0, 6).join(", ")} with the label.`,
  };
};

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
