import { jsonEquals, type JsonObject } from "./json.ts";
import type { LedgerRecord } from "./ledger-decision.ts";
import type { ReplayPlanRow } from "./plan-rows.ts";
import type { ExpectedCall } from "./plan-sources.ts";
import type { RecordedResult, RecordedResults } from "./recorded-results.ts";
import type { PlanStep } from "./run-plan.ts";
import { parseSkillUse } from "./skill.ts";

/** What gates around a call make of its row. */
export function gatedBy({ gates }: ExpectedCall): {
  reason: (why: string) => string;
  about: { isCertain?: false };
} {
  if (gates.length === 0) return { reason: (why) => why, about: {} };
  const unless = `unless ${gates.join(" or ")} stops it or has people asked`;
  return { reason: (why) => `${why}, ${unless}`, about: { isCertain: false } };
}

/** Why people are asked about a call of which nobody knows. */
export function doubtWords({ status }: LedgerRecord): string {
  return status === "attempted"
    ? "its call is under way, or nobody knows whether it happened"
    : "nobody knows whether its effect happened";
}

/** What becomes of a step that nothing is recorded of, as far as its kind says. */
export function decisionBy({ kind }: PlanStep): ReplayPlanRow["decision"] {
  if (kind === "approval") return "ask";
  return kind === "signal" || kind === "timer" ? "wait" : "run";
}

/** Why a call is made that is not reused. */
export function reasonToRun(
  { uses, input }: { uses: string; input: JsonObject },
  expected: RecordedResult | null,
  recorded: RecordedResults | null,
): string {
  if (parseSkillUse(uses) !== null)
    return "its nested run starts anew; the effects of the earlier one are not repeated";
  if (recorded === null) return "it did not end well and is tried again";
  if (expected === null) return "it has no recorded result";
  return jsonEquals(expected.input, input)
    ? "it lies after the chosen point"
    : "its input is another one than recorded";
}
