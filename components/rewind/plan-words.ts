import type { ReplayPolicy } from "../../core/capability.ts";
import { planTotalWords } from "../../core/plan-totals.ts";
import type { ReplayPlanRow } from "../../core/plan-rows.ts";
import type { ReplayPlanView } from "../../core/run-view.ts";
import { formatDuration } from "../ui/format-duration.ts";
import type { PlanWish } from "./plan-href.ts";

/** A decision as a row says it. */
export const DECISION_WORDS: Record<ReplayPlanRow["decision"], string> = {
  reuse: "Reuse",
  run: "Run again",
  wait: "Wait",
  skip: "Skip",
  ask: "Ask",
  blocked: "Blocked",
};

/** What may be chosen for a step. */
export const POLICY_WORDS: Record<ReplayPolicy, string> = {
  use_recorded_result: "Use the recorded result",
  reexecute: "Run again",
  require_human: "Ask first",
};

/** Such as `14 reused · 3 run again · 1 asks · about 38 s`. */
export function planTotals({ totals }: Pick<ReplayPlanView, "totals">): string {
  const parts = planTotalWords(totals);
  if (totals.estimated_ms > 0) parts.push(`about ${formatDuration(totals.estimated_ms)}`);
  return parts.length === 0 ? "No steps" : parts.join(" · ");
}

/** What pressing the button does, in one sentence. */
export function planConsequence({ operation }: PlanWish, hasEffectsToCome: boolean): string {
  const effects = hasEffectsToCome
    ? "Effects that were recorded are not repeated; people are asked where one would be another request."
    : "Effects that were recorded are not repeated.";
  if (operation === "resume") return `This run goes on. ${effects}`;
  const made =
    operation === "replay"
      ? "A new run starts; this one stays as it is."
      : "A new run is made and waits until it is resumed; this one stays as it is.";
  return `${made} ${effects}`;
}
