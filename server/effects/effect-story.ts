import type { EffectNews } from "../../core/effect-view.ts";
import type { JsonObject } from "../../core/json.ts";
import type { RunEvent } from "../../core/run-events.ts";
import { occurrenceKey } from "../../core/step.ts";

/** What a run's events say of one effect beyond its ledger row: fold them in order, each once. */
export class EffectStory {
  stepId = "";
  serviceId: string | null = null;
  request: JsonObject | null = null;
  result: JsonObject | null = null;
  readonly history: EffectNews[] = [];
  readonly #effectId: string;
  /** What each step began with and which service was chosen for it; of those under way. */
  readonly #begun = new Map<string, { input: JsonObject | null; serviceId: string | null }>();
  /** The event right after `recorded` ends the step with the result. */
  #resultSequence = 0;

  constructor(effectId: string) {
    this.#effectId = effectId;
  }

  fold(event: RunEvent): void {
    switch (event.type) {
      case "step.started": {
        const { step_id: stepId, occurrence, input } = event.payload;
        this.#begun.set(occurrenceKey(stepId, occurrence), {
          input: input ?? null,
          serviceId: null,
        });
        return;
      }
      case "capability.selected": {
        const { step_id: stepId, occurrence, service_id: serviceId } = event.payload;
        const step = this.#begun.get(occurrenceKey(stepId, occurrence));
        if (step !== undefined) step.serviceId = serviceId;
        return;
      }
      case "step.completed": {
        const { step_id: stepId, occurrence, output } = event.payload;
        this.#begun.delete(occurrenceKey(stepId, occurrence));
        if (event.sequence === this.#resultSequence) this.result = output ?? null;
        return;
      }
      case "side_effect.attempted": {
        if (!this.#isOurs(event)) return;
        const { step_id: stepId, occurrence } = event.payload;
        const step = this.#begun.get(occurrenceKey(stepId, occurrence));
        this.stepId = stepId;
        this.request = step?.input ?? null;
        this.serviceId = event.payload.service_id ?? step?.serviceId ?? null;
        this.#tell(event);
        return;
      }
      case "side_effect.reused":
      case "side_effect.blocked": {
        if (!this.#isOurs(event)) return;
        const { step_id: stepId, occurrence } = event.payload;
        const step = this.#begun.get(occurrenceKey(stepId, occurrence));
        this.stepId = stepId;
        this.request = step?.input ?? null;
        this.serviceId = event.payload.service_id ?? step?.serviceId ?? null;
        if (event.type === "side_effect.reused") this.#resultSequence = event.sequence + 1;
        this.#tell(event);
        return;
      }
      case "side_effect.recorded":
        if (!this.#isOurs(event)) return;
        this.#resultSequence = event.sequence + 1;
        this.#tell(event);
        return;
      case "side_effect.failed":
      case "side_effect.in_doubt":
        if (this.#isOurs(event)) this.#tell(event);
        return;
      case "side_effect.resolved": {
        if (!this.#isOurs(event)) return;
        const { resolution: outcome, by, comment = null, output } = event.payload;
        this.result = output ?? this.result;
        this.#tell(event, { outcome, by, actor: event.actor ?? null, comment });
        return;
      }
      default:
        return;
    }
  }

  #isOurs({ payload }: { payload: { effect_id: string } }): boolean {
    return payload.effect_id === this.#effectId;
  }

  #tell(event: RunEvent, resolution: EffectNews["resolution"] = null): void {
    const error = "error" in event.payload ? event.payload.error : undefined;
    this.history.push({
      sequence: event.sequence,
      event_type: event.type,
      occurred_at: new Date(event.at).toISOString(),
      error: error === undefined ? null : { code: error.code, message: error.message },
      resolution,
    });
  }
}
