import { isJsonObject, type Json, type JsonObject } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { type Option, readOptions } from "../decision/read-options.ts";
import { InputReader } from "../input-reader.ts";
import { contentWords } from "../text/content-words.ts";
import { asNumber } from "../table/match-row.ts";

type Criterion = { name: string; weight: number; lowIsGood: boolean };

const LEVELS: readonly [RegExp, number][] = [
  [/very high|largest|excellent/i, 1],
  [/medium-high/i, 0.7],
  [/medium-low/i, 0.35],
  [/very low|none/i, 0.05],
  [/high|strong|fast|large|growing|good/i, 0.85],
  [/medium|moderate|average/i, 0.5],
  [/low|weak|slow|small|poor/i, 0.2],
];

/**
 * Scores `options` against `criteria` (names, or `{name, weight, direction: low|high}`; goal fit, cost and risk where none are given).
 * A criterion reads the option's attribute of that name: numbers are ranked between the options, words such as high or low
 * stand for levels; without the attribute it counts the words shared with goal and criterion. Scores are 0 to 1.
 */
export const scoreOptions: Builtin = (input) => {
  const given = new InputReader(input);
  const goal = given.text("goal");
  const options = readOptions(given.list("options"));
  const criteria = readCriteria(given.list("criteria", []), given.text("risk_tolerance", "medium"));
  const total = criteria.reduce((sum, criterion) => sum + criterion.weight, 0) || 1;
  const scored = options
    .map((option) => {
      const scores = criteria.map((criterion): [string, number] => [
        criterion.name,
        round(scoreOne(option, criterion, options, goal)),
      ]);
      const overall = round(
        criteria.reduce(
          (sum, criterion, index) => sum + criterion.weight * (scores[index]?.[1] ?? 0),
          0,
        ) / total,
      );
      return {
        id: option.id,
        label: option.label,
        scores: Object.fromEntries(scores),
        overall_score: overall,
        rank: 0,
      };
    })
    .sort((a, b) => b.overall_score - a.overall_score)
    .map((option, index) => ({ ...option, rank: index + 1 }));
  const [first, second] = scored;
  return {
    scored_options: scored,
    criteria_used: criteria.map(({ name, weight, lowIsGood }) => ({
      name,
      weight: round(weight / total),
      direction: lowIsGood ? "low" : "high",
    })),
    comparative_summary:
      scored.length === 0
        ? "There are no options."
        : scored
            .map((option) => `${option.rank}. ${option.label} (${option.overall_score})`)
            .join(", "),
    tradeoffs: first === undefined || second === undefined ? [] : tradeoffsOf(first, second),
    status: scored.length === 0 ? "partial" : "ok",
    rationale: "Weighted mean of the criteria, read from the options' own attributes and words.",
  };
};

function readCriteria(criteria: readonly Json[], tolerance: string): Criterion[] {
  if (criteria.length === 0) {
    const riskWeight = /low/i.test(tolerance) ? 2 : /high/i.test(tolerance) ? 0.5 : 1;
    return [
      { name: "goal_fit", weight: 2, lowIsGood: false },
      { name: "cost", weight: 1, lowIsGood: true },
      { name: "risk", weight: riskWeight, lowIsGood: true },
    ];
  }
  return criteria.map((criterion) => {
    const fields = isJsonObject(criterion) ? criterion : {};
    const name = isJsonObject(criterion)
      ? asText(fields["name"] ?? fields["id"] ?? fields["criterion"])
      : asText(criterion);
    const isLow =
      asText(fields["direction"]) === "low" ||
      (fields["direction"] === undefined &&
        /cost|risk|price|latency|effort|time|complexity/i.test(name));
    return { name, weight: Math.max(0, asNumber(fields["weight"]) ?? 1), lowIsGood: isLow };
  });
}

function scoreOne(
  option: Option,
  criterion: Criterion,
  all: readonly Option[],
  goal: string,
): number {
  const value = attribute(option.fields, criterion.name);
  const level =
    value === undefined
      ? null
      : levelOf(
          value,
          all.map((other) => attribute(other.fields, criterion.name)),
        );
  if (level !== null) return criterion.lowIsGood ? 1 - level : level;
  if (criterion.lowIsGood) return 0.5;
  const asked = new Set(contentWords(`${goal} ${criterion.name.replaceAll("_", " ")}`));
  const own = new Set(contentWords(option.text));
  return asked.size === 0
    ? 0.5
    : Math.min(1, 0.3 + ([...asked].filter((word) => own.has(word)).length / asked.size) * 1.4);
}

function attribute(fields: JsonObject, name: string): Json | undefined {
  const nested = [fields, fields["key_attributes"], fields["attributes"], fields["scores"]].filter(
    isJsonObject,
  );
  return nested.map((map) => map[name]).find((value) => value !== undefined && value !== null);
}

function levelOf(value: Json, all: readonly (Json | undefined)[]): number | null {
  const number = asNumber(value);
  if (number === null) return LEVELS.find(([pattern]) => pattern.test(asText(value)))?.[1] ?? null;
  const numbers = all.map(asNumber).filter((other) => other !== null);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return high === low ? 0.5 : (number - low) / (high - low);
}

type Scored = { label: string; scores: { [name: string]: number } };

function tradeoffsOf(first: Scored, second: Scored): { criterion: string; statement: string }[] {
  return Object.entries(first.scores)
    .filter(([name, score]) => (second.scores[name] ?? 0) > score)
    .map(([name, score]) => ({
      criterion: name,
      statement: `${second.label} is better on ${name} (${second.scores[name] ?? 0} against ${score}), ${first.label} overall.`,
    }));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
