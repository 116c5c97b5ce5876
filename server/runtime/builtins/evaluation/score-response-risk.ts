import { allText } from "../decision/read-options.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { findSecrets } from "../security/detect-secret.ts";
import { findPii } from "../security/pii-patterns.ts";
import { contentWords } from "../text/content-words.ts";

const TOXIC = /\b(?:idiot|stupid|moron|hate you|kill yourself|worthless|scum|shut up)\b/gi;
const ABSOLUTE =
  /\b(?:all (?:women|men|immigrants|foreigners)|always|never|everyone knows|undoubtedly|guaranteed|100 ?%)\b/gi;
const INJECTION =
  /\b(?:ignore (?:all |the )?(?:previous|prior|above) (?:instructions|prompts)|system prompt|developer mode|disregard (?:the|all) )/gi;

/**
 * Looks for signs of risk in an output: insults, sweeping claims, words of prompt injection, personal data and credentials; with a
 * `context`, words that it does not hold count as likely inventions. Scores 0 to 1 per dimension; `safe` below 0.5 overall (the highest).
 */
export const scoreResponseRisk: Builtin = (input) => {
  const given = new InputReader(input);
  const text = allText(given.object("output"));
  const count = (pattern: RegExp) => [...text.matchAll(pattern)].length;
  const known: Record<string, number> = {
    toxicity: Math.min(1, count(TOXIC) * 0.5),
    bias: Math.min(1, count(ABSOLUTE) * 0.15),
    prompt_injection: Math.min(1, count(INJECTION) * 0.7),
    data_leak: findPii(text).length + findSecrets(text).length > 0 ? 0.8 : 0,
    hallucination: given.has("context") ? invented(text, given.text("context")) : 0,
  };
  const wanted = given.texts("dimensions", Object.keys(known));
  const scores = Object.fromEntries(
    wanted.filter((name) => Object.hasOwn(known, name)).map((name) => [name, known[name] ?? 0]),
  );
  const score = Math.max(0, ...Object.values(scores));
  return {
    risk_score: score,
    dimension_scores: scores,
    flags: Object.entries(scores)
      .filter(([, value]) => value >= 0.5)
      .map(([name]) => name),
    safe: score < 0.5,
    status: Object.keys(scores).length === wanted.length ? "ok" : "partial",
    rationale: "Counted by word patterns; meaning is not judged.",
  };
};

function invented(text: string, context: string): number {
  const known = new Set(contentWords(context));
  const words = [...new Set(contentWords(text))];
  const share =
    words.length === 0 ? 0 : words.filter((word) => !known.has(word)).length / words.length;
  return Math.round(Math.max(0, share - 0.4) * 100) / 100;
}
