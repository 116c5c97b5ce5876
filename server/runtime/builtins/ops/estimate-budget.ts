import { isJsonObject } from "../../../../core/json.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";

const STEP_COST = 0.01;
const STEP_MS = 500;

/**
 * Adds up the cost and time of a plan's `steps`: each step's `estimated_cost` and `estimated_duration_ms`, else 0.01 and 500 ms.
 * `within_budget` compares with `limits` `{max_cost, max_duration_ms}`.
 */
export const estimateBudget: Builtin = (input) => {
  const given = new InputReader(input);
  const plan = new InputReader(given.object("plan"));
  const limits = new InputReader(given.object("limits", {}));
  const steps = plan
    .list("steps", [])
    .map((step) => new InputReader(isJsonObject(step) ? step : {}));
  const cost = steps.reduce((sum, step) => sum + step.number("estimated_cost", STEP_COST), 0);
  const duration = steps.reduce(
    (sum, step) => sum + step.number("estimated_duration_ms", STEP_MS),
    0,
  );
  const guessed = steps.filter((step) => !step.has("estimated_cost")).length;
  return {
    estimated_cost: Math.round(cost * 10_000) / 10_000,
    estimated_duration_ms: duration,
    within_budget:
      cost <= limits.number("max_cost", Number.MAX_VALUE) &&
      duration <= limits.number("max_duration_ms", Number.MAX_VALUE),
    status: guessed === 0 ? "ok" : "partial",
    rationale: `${guessed} of ${steps.length} steps were taken at the default cost.`,
  };
};
