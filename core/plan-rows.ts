import type { ReplayPolicy } from "./capability.ts";
import { chosenPolicy, type OverrideOption } from "./override-options.ts";
import type { PlanSources } from "./plan-sources.ts";
import { PlanTaint } from "./plan-taint.ts";
import type { StepRef } from "./run-events.ts";
import type { PlanStep } from "./run-plan.ts";
import { occurrenceKey } from "./step.ts";

/** What is planned for one step, or one occurrence of it. */
export type ReplayPlanRow = {
  step_id: string;
  occurrence: string | null;
  /** `reuse` takes a recorded result or effect, `ask` and `blocked` stop before an effect. */
  decision: "reuse" | "run" | "wait" | "skip" | "ask" | "blocked";
  /** False where the decision depends on a result that will only be known then; `reason` says how. */
  is_certain: boolean;
  reason: string;
  /** The recorded effect that it is about. */
  effect_id: string | null;
  /** What was chosen for the step in place of what its policy says; null where nothing was. */
  override: ReplayPolicy | null;
  /** What may be chosen for the step, and in which role. */
  may_become: OverrideOption[];
  /** How long it took when it was recorded; null where it never was, or costs no time. */
  estimated_ms: number | null;
};

type Place = { ref: StepRef; step: PlanStep };

/** The rows of a plan as they come about, and what of them hangs on results that nobody knows yet. */
export class PlanRows {
  readonly #sources: Pick<PlanSources, "state" | "durationsMs" | "optionsOf">;
  readonly #rows: ReplayPlanRow[] = [];
  readonly #planned = new Set<string>();
  /** Which steps bring what nobody knows yet, and what depends on them. */
  readonly taint = new PlanTaint();

  constructor(sources: Pick<PlanSources, "state" | "durationsMs" | "optionsOf">) {
    this.#sources = sources;
  }

  get all(): ReplayPlanRow[] {
    return this.#rows;
  }

  /** True for a step of which something is planned. */
  has(stepId: string): boolean {
    return this.#planned.has(stepId);
  }

  /** What is planned for a step stands in the rows of its occurrences. */
  leaveToOccurrences(stepId: string): void {
    this.#planned.add(stepId);
  }

  /** With the result that it hangs on, where that is not known. */
  ifSame({ step, ref }: Place, what: string): string {
    const taint = this.taint.of(step, ref);
    return taint === null ? what : `${what}, if ${taint} brings the same again`;
  }

  ifStays({ step, ref }: Place, what: string): string {
    const taint = this.taint.of(step, ref);
    return taint === null ? what : `${what}, as long as ${taint} brings the same again`;
  }

  /** Adds a row, unless the step or occurrence has one. */
  add(
    { ref, step }: Place,
    decision: ReplayPlanRow["decision"],
    reason: string,
    about: { effectId?: string; isCertain?: boolean; duration?: boolean } = {},
  ): void {
    const key = occurrenceKey(ref.step_id, ref.occurrence);
    if (this.#planned.has(key)) return;
    this.#planned.add(key);
    this.#planned.add(ref.step_id);
    const { state, durationsMs, optionsOf } = this.#sources;
    this.#rows.push({
      step_id: ref.step_id,
      occurrence: ref.occurrence ?? null,
      decision,
      is_certain: about.isCertain ?? (this.taint.of(step, ref) === null && !isRace(step)),
      reason,
      effect_id: about.effectId ?? null,
      override: chosenPolicy(state, ref),
      may_become: optionsOf(step),
      estimated_ms: about.duration === true ? (durationsMs.get(key) ?? null) : null,
    });
  }
}

/** Which target of a race is first is known only then. */
function isRace({ loop }: PlanStep): boolean {
  return loop?.kind === "scatter" && loop.merge === "first_success" && loop.targets.length > 1;
}
