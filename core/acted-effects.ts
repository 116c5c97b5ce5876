import type { JsonObject } from "./json.ts";
import type { EventType, NewEvent, StepRef } from "./run-events.ts";
import { occurrenceKey } from "./step.ts";

/** One effect that a run has caused, or may have caused, with what it was asked and what it answered. */
export type ActedEffect = {
  effectId: string;
  ref: StepRef;
  capabilityId: string;
  input: JsonObject;
  /** Null where nobody knows it. */
  output: JsonObject | null;
  /** False where nobody knows whether it happened. */
  isCertain: boolean;
};

/** What a step did outside: an effect of its own, or a nested run that has its own. */
export type Deed =
  { kind: "effect"; effect: ActedEffect } | { kind: "run"; ref: StepRef; runId: string };

type Placed = { deed: Deed; at: number };

const STEP_ENDS: ReadonlySet<EventType> = new Set([
  "step.completed",
  "step.failed",
  "step.canceled",
  "step.retry_scheduled",
]);

/**
 * What a run's events say that it did outside and that may stand: fold them in order, each once. Failed calls did
 * nothing; results that were taken from another run are that run's.
 */
export class DeedCollector {
  readonly #inputs = new Map<string, JsonObject>();
  readonly #effects = new Map<string, { effect: ActedEffect; at: number }>();
  readonly #runs = new Map<string, Placed>();
  /** By step: the effect whose result its end holds, and the nested run that ends with it. */
  readonly #resultOf = new Map<string, string>();
  readonly #runOf = new Map<string, string>();
  readonly #undone = new Set<string>();

  add(event: NewEvent, sequence: number): void {
    this.#addEffect(event, sequence);
    if (event.type === "step.started") {
      const { input = {}, child_run_id: runId } = event.payload;
      const key = keyOf(event.payload);
      this.#inputs.set(key, input);
      this.#resultOf.delete(key);
      if (runId === undefined) return;
      this.#runOf.set(key, runId);
      const deed: Deed = { kind: "run", ref: refOf(event.payload), runId };
      this.#runs.set(runId, { deed, at: sequence });
    } else if (STEP_ENDS.has(event.type) && "step_id" in event.payload) {
      const { step_id: stepId = "", ...rest } = event.payload;
      const occurrence = "occurrence" in rest ? rest.occurrence : undefined;
      const run = this.#runs.get(this.#runOf.get(occurrenceKey(stepId, occurrence)) ?? "");
      if (run !== undefined) run.at = sequence;
    }
  }

  /** Effects that were undone, those of nested runs included. */
  get undone(): ReadonlySet<string> {
    return this.#undone;
  }

  /** In the order in which they were over. */
  get deeds(): Deed[] {
    const effects = [...this.#effects.values()].map(({ effect, at }): Placed => ({
      deed: { kind: "effect", effect },
      at,
    }));
    return [...effects, ...this.#runs.values()]
      .toSorted((a, b) => a.at - b.at)
      .map(({ deed }) => deed);
  }

  #addEffect(event: NewEvent, sequence: number): void {
    switch (event.type) {
      case "side_effect.attempted": {
        const { payload } = event;
        if (payload.compensates_effect_id !== undefined) return;
        const effect: ActedEffect = {
          effectId: payload.effect_id,
          ref: refOf(payload),
          capabilityId: payload.capability_id,
          input: this.#inputs.get(keyOf(payload)) ?? {},
          output: null,
          isCertain: false,
        };
        this.#effects.set(payload.effect_id, { effect, at: sequence });
        return;
      }
      case "side_effect.recorded": {
        const found = this.#effects.get(event.payload.effect_id);
        if (found === undefined) return;
        found.effect.isCertain = true;
        found.at = sequence;
        this.#resultOf.set(keyOf(event.payload), event.payload.effect_id);
        return;
      }
      case "side_effect.resolved": {
        const { effect_id: effectId, resolution, output } = event.payload;
        if (resolution === "not_happened") this.#effects.delete(effectId);
        const found = this.#effects.get(effectId);
        if (resolution !== "happened" || found === undefined) return;
        found.effect.isCertain = true;
        found.effect.output = output ?? null;
        return;
      }
      case "side_effect.failed":
        this.#effects.delete(event.payload.effect_id);
        return;
      case "step.completed": {
        const effectId = this.#resultOf.get(keyOf(event.payload));
        const found = this.#effects.get(effectId ?? "");
        if (found !== undefined) found.effect.output = event.payload.output ?? {};
        return;
      }
      case "step.compensated":
        this.#undone.add(event.payload.effect_id);
        return;
      default:
        return;
    }
  }
}

function refOf({ step_id, occurrence }: StepRef): StepRef {
  return occurrence === undefined ? { step_id } : { step_id, occurrence };
}

function keyOf(ref: StepRef): string {
  return occurrenceKey(ref.step_id, ref.occurrence);
}
