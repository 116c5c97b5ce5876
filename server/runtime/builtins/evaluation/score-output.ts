import { isJsonObject, type Json, type JsonObject } from "../../../../core/json.ts";
import { allText } from "../decision/read-options.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { contentWords } from "../text/content-words.ts";
import { asNumber } from "../table/match-row.ts";

type Measure = { coverage: number; depth: number; coherence: number };

/**
 * Scores the form of an output, 0 to 1: coverage (fields that hold something), depth (words and structure), coherence (words its
 * fields share). Each dimension of `rubric.dimensions` (`{name: {weight, description}}`) weighs these by its words. Truth is not
 * judged. `quality_level`: high from 0.75, medium from 0.5, else low.
 */
export const scoreOutput: Builtin = (input) => {
  const given = new InputReader(input);
  const output = given.object("output");
  const measure = measureOutput(output);
  const rubric = new InputReader(given.object("rubric", {}));
  const wanted = Object.entries(rubric.object("dimensions", {}));
  const named =
    wanted.length > 0
      ? wanted.map(([name, rule]) => dimensionOf(name, rule, measure))
      : Object.entries(measure).map(([name, score]) => ({ name, score, weight: 1 }));
  const total = named.reduce((sum, dimension) => sum + dimension.weight, 0) || 1;
  const score = round(
    named.reduce((sum, dimension) => sum + dimension.score * dimension.weight, 0) / total,
  );
  return {
    score,
    dimensions: Object.fromEntries(
      named.map((dimension) => [dimension.name, round(dimension.score)]),
    ),
    quality_level: score >= 0.75 ? "high" : score >= 0.5 ? "medium" : "low",
    status: "ok",
    rationale: `Form only: coverage ${round(measure.coverage)}, depth ${round(measure.depth)}, coherence ${round(measure.coherence)}.`,
  };
};

/** Coverage, depth and coherence of an output, each 0 to 1. */
export function measureOutput(output: JsonObject): Measure {
  const fields = Object.values(output);
  const filled = fields.filter((value) => !isEmpty(value));
  const words = filled.map((value) => new Set(contentWords(allText(value)).slice(0, 5_000)));
  const wordCount = words.reduce((sum, set) => sum + set.size, 0);
  const shared = words.filter((set, index) =>
    words.some((other, at) => at !== index && [...set].some((word) => other.has(word))),
  ).length;
  return {
    coverage: fields.length === 0 ? 0 : filled.length / fields.length,
    depth: filled.length === 0 ? 0 : Math.min(1, wordCount / (filled.length * 12)),
    coherence:
      filled.length < 2 ? (filled.length === 0 ? 0 : 0.5) : Math.max(0.3, shared / filled.length),
  };
}

function dimensionOf(name: string, rule: Json, measure: Measure) {
  const fields = isJsonObject(rule) ? rule : {};
  const words = `${name} ${allText(rule)}`.toLowerCase();
  const parts = [
    ...(/cover|complet|missing|compreh|exhaust|breadth/.test(words) ? [measure.coverage] : []),
    ...(/depth|detail|specific|clear|clarity|granular|action|concrete/.test(words)
      ? [measure.depth]
      : []),
    ...(/coher|consist|overlap|logic|ground|integrat|contradict/.test(words)
      ? [measure.coherence]
      : []),
  ];
  const used = parts.length === 0 ? [measure.coverage, measure.depth, measure.coherence] : parts;
  return {
    name,
    weight: Math.max(0, asNumber(isJsonObject(rule) ? fields["weight"] : rule) ?? 1),
    score: used.reduce((sum, part) => sum + part, 0) / used.length,
  };
}

/** True for null, and for a text, list or map without content. */
export function isEmpty(value: Json): boolean {
  if (value === null) return true;
  if (typeof value === "string") return value.trim() === "";
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.keys(value).length === 0;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
