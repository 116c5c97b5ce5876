import type { StepRef } from "./run-events.ts";
import type { PlanStep } from "./run-plan.ts";

/**
 * Which steps of a plan depend on results that nobody knows yet, and on whose. Steps are to be asked about in the order in
 * which they begin: each knows of what comes before it by the steps that it waits for.
 */
export class PlanTaint {
  /** By step index: the step or occurrence whose result is not known, its own first. */
  readonly #sources = new Map<number, string>();
  readonly #own = new Set<number>();
  #first: string | null = null;

  /** The first result that is not known. */
  get first(): string | null {
    return this.#first;
  }

  /** The result of this step, or of one occurrence of it, is not known. */
  add(step: PlanStep, { occurrence }: StepRef): void {
    const name = occurrence === undefined ? step.id : `${step.id}#${occurrence}`;
    this.#first ??= name;
    if (!this.#own.has(step.index)) this.#sources.set(step.index, name);
    this.#own.add(step.index);
  }

  /** On whose unknown result it depends what becomes of a step; null where it is settled. */
  of(step: PlanStep, ref?: StepRef): string | null {
    const { loop } = step;
    if (ref?.occurrence !== undefined && loop?.kind === "while") {
      const sibling = this.#sources.get(step.index);
      if (sibling !== undefined) return sibling;
    }
    for (const index of step.dependsOn) {
      const source = this.#sources.get(index);
      if (source === undefined) continue;
      if (!this.#sources.has(step.index)) this.#sources.set(step.index, source);
      return source;
    }
    return null;
  }
}
