import { DomainError } from "../../../../core/errors.ts";
import type { JsonObject } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { readOptions } from "./read-options.ts";

/**
 * Recommends the option with the highest score and writes down why: alternatives, open points, ways to fail and next steps are
 * taken from the options' analysis. `confidence_score` grows with the lead over the second (0.5 to 0.95); one option gives 0.5.
 */
export const justifyOption: Builtin = (input) => {
  const given = new InputReader(input);
  const scored = readOptions(given.list("scored_options")).sort(
    (a, b) => scoreOf(b.fields) - scoreOf(a.fields),
  );
  const best = scored[0];
  if (best === undefined)
    throw new DomainError(
      "invalid_request",
      'Input "scored_options" is empty: there is nothing to recommend.',
    );
  const analysis = new Map(
    readOptions(given.list("analyzed_options", [])).map((option) => [option.id, option.fields]),
  );
  const own = analysis.get(best.id) ?? {};
  const others = scored.slice(1);
  const lead = others[0] === undefined ? 0 : scoreOf(best.fields) - scoreOf(others[0].fields);
  const confidence = Math.round(Math.min(0.95, 0.5 + lead) * 100) / 100;
  const level = confidence >= 0.75 ? "high" : confidence >= 0.55 ? "medium" : "low";
  const alternatives = others.map((option) => ({
    id: option.id,
    label: option.label,
    score: scoreOf(option.fields),
    reason: `Scores ${scoreOf(option.fields)}, ${best.label} scores ${scoreOf(best.fields)}.`,
  }));
  const [risks, assumptions] = [listOf(own, "risks"), listOf(own, "assumptions")];
  return {
    recommendation: best.label,
    recommended_option_id: best.id,
    alternatives_considered: alternatives,
    alternatives_evaluated: alternatives,
    confidence_score: confidence,
    confidence_level: level,
    uncertainties:
      lead < 0.05 && others.length > 0
        ? [...assumptions, `${best.label} and ${others[0]?.label ?? ""} are nearly equal.`]
        : assumptions,
    failure_modes: risks.map((risk) => `If this holds, the choice fails: ${risk}`),
    next_steps: [
      `Confirm ${best.label} with whoever owns the goal.`,
      ...assumptions.slice(0, 3).map((assumption) => `Check: ${assumption}`),
      ...risks.slice(0, 2).map((risk) => `Plan for: ${risk}`),
    ],
    human_readable:
      `For "${given.text("goal")}" the recommendation is ${best.label} (score ${scoreOf(best.fields)}, confidence ${level}). ${alternatives.map((other) => `${other.label}: ${other.score}.`).join(" ")}`.trim(),
    status: "ok",
    rationale: "Highest score wins; the lead over the second sets the confidence.",
  };
};

function scoreOf(option: JsonObject): number {
  const score = option["overall_score"] ?? option["total_score"] ?? option["score"];
  return typeof score === "number" ? score : 0;
}

function listOf(option: JsonObject, field: string): string[] {
  const value = option[field];
  return Array.isArray(value) ? value.map(asText) : [];
}
