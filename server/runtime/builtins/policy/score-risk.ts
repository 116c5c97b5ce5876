import { allText } from "../decision/read-options.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";

/** Signs of risk in an action's own words; each counts once. */
const SIGNS: readonly { dimension: string; weight: number; pattern: RegExp; says: string }[] = [
  {
    dimension: "impact",
    weight: 0.35,
    pattern: /\b(?:prod|production|live|customer-facing)\b/i,
    says: "touches production",
  },
  {
    dimension: "impact",
    weight: 0.2,
    pattern: /\b(?:critical|breaking[- ]change|outage|downtime|all users)\b/i,
    says: "is called critical or breaking",
  },
  {
    dimension: "security",
    weight: 0.3,
    pattern:
      /\b(?:auth|authentication|security|permission|password|secret|token|jwt|encrypt|credential)/i,
    says: "touches security",
  },
  {
    dimension: "data",
    weight: 0.3,
    pattern:
      /\b(?:migration|schema change|database|delete|drop table|truncate|personal data|pii)\b/i,
    says: "touches data",
  },
  {
    dimension: "financial",
    weight: 0.3,
    pattern: /\b(?:payment|refund|invoice|billing|charge|price|transfer)\b/i,
    says: "touches money",
  },
  {
    dimension: "reversibility",
    weight: 0.3,
    pattern: /\b(?:irreversible|cannot be undone|permanent|no rollback)\b/i,
    says: "cannot be undone",
  },
];

/** Signs that lower the risk. */
const RELIEFS: readonly { weight: number; pattern: RegExp; says: string }[] = [
  { weight: 0.1, pattern: /rollback[ _]plan: \S|rollback_plan/i, says: "has a way back" },
  { weight: 0.1, pattern: /test[ _]evidence: \S|tests? (?:pass|added)/i, says: "has tests" },
  {
    weight: 0.15,
    pattern: /\b(?:docs?[- ]only|documentation|typo|staging|sandbox)\b/i,
    says: "is limited",
  },
];

/** A risk of 0 to 1, overall and per dimension, with its reasons. */
export type ActionRisk = { score: number; dimensions: Record<string, number>; factors: string[] };

/** The risk of an action by the words it is described with: 0 to 1, per dimension, and why. */
export function riskOf(text: string): ActionRisk {
  const signs = SIGNS.filter((sign) => sign.pattern.test(text));
  const reliefs = RELIEFS.filter((relief) => relief.pattern.test(text));
  const dimensions: Record<string, number> = {
    impact: 0,
    security: 0,
    data: 0,
    financial: 0,
    reversibility: 0,
  };
  for (const sign of signs)
    dimensions[sign.dimension] = Math.min(
      1,
      round((dimensions[sign.dimension] ?? 0) + sign.weight * 2),
    );
  const raw =
    signs.reduce((sum, sign) => sum + sign.weight, 0) -
    reliefs.reduce((sum, relief) => sum + relief.weight, 0);
  return {
    score: round(Math.min(1, Math.max(0, raw))),
    dimensions,
    factors: [
      ...signs.map((sign) => `It ${sign.says}.`),
      ...reliefs.map((relief) => `It ${relief.says} (lowers the risk).`),
    ],
  };
}

/** Scores the risk of `action` by its words. `dimensions` chooses which are reported; `safe` below 0.5. */
export const scoreRisk: Builtin = (input) => {
  const given = new InputReader(input);
  const risk = riskOf(allText(given.object("action")).slice(0, 100_000));
  const wanted = given.texts("dimensions", Object.keys(risk.dimensions));
  return {
    risk_score: risk.score,
    dimension_scores: Object.fromEntries(wanted.map((name) => [name, risk.dimensions[name] ?? 0])),
    safe: risk.score < 0.5,
    factors: risk.factors,
    status: wanted.every((name) => Object.hasOwn(risk.dimensions, name)) ? "ok" : "partial",
    rationale: risk.factors.join(" ") || "No sign of risk in its words.",
  };
};

/** The level of `action`'s risk: low below 0.25, medium below 0.5, high below 0.8, else critical; or the nearest of `categories`, lowest first. */
export const classifyRisk: Builtin = (input) => {
  const given = new InputReader(input);
  const risk = riskOf(allText(given.object("action")).slice(0, 100_000));
  const own = given.texts("categories", []);
  const level =
    own.length > 0
      ? (own[Math.min(own.length - 1, Math.floor(risk.score * own.length))] ?? "")
      : levelOf(risk.score);
  return {
    risk_level: level,
    factors: risk.factors,
    risk_score: risk.score,
    status: "ok",
    rationale: risk.factors.join(" ") || "No sign of risk in its words.",
  };
};

function levelOf(score: number): string {
  if (score < 0.25) return "low";
  if (score < 0.5) return "medium";
  return score < 0.8 ? "high" : "critical";
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
