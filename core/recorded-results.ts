import { isUndo } from "./compensation.ts";
import { jsonEquals, type JsonObject } from "./json.ts";
import type { EffectPlace, NewEvent } from "./run-events.ts";
import { occurrenceKey } from "./step.ts";

/** What a step, or one occurrence of it, brought in the run that is replayed. */
export type RecordedResult = {
  /** Where another capability than the step's own ran. */
  uses: string | null;
  input: JsonObject;
  output: JsonObject;
  /** The effect that made it, as far as one did. */
  effectId: string | null;
  /** Where that effect's record stands; histories from before may not say it. */
  place: EffectPlace | null;
  /** Of the event that holds the output. */
  sequence: number;
};

/** Results by occurrence key, and the run that they are from. */
export type RecordedResults = {
  sourceRunId: string;
  results: ReadonlyMap<string, RecordedResult>;
};

type Begun = {
  uses: string | null;
  input: JsonObject;
  effectId: string | null;
  place: EffectPlace | null;
};

/** Collects what a run had brought, event by event. What was completed twice, after a resume, counts as it was last. */
export class ResultCollector {
  readonly #begun = new Map<string, Begun>();
  readonly #results = new Map<string, RecordedResult>();

  add(event: NewEvent, sequence: number): void {
    // What undid an effect is no result of the run.
    if ("occurrence" in event.payload && isUndo(event.payload)) return;
    switch (event.type) {
      case "step.started": {
        const { input = {}, uses = null } = event.payload;
        const key = keyOf(event.payload);
        this.#results.delete(key);
        this.#begun.set(key, { uses, input, effectId: null, place: null });
        return;
      }
      case "side_effect.attempted": {
        const begun = this.#begun.get(keyOf(event.payload));
        if (begun !== undefined) begun.place = placeIn(event.payload);
        return;
      }
      case "side_effect.resolved":
      case "side_effect.recorded":
      case "side_effect.reused": {
        const begun = this.#begun.get(keyOf(event.payload));
        const { effect_id: effectId } = event.payload;
        if (begun === undefined) return;
        const isReused = event.type === "side_effect.reused";
        begun.effectId = isReused ? event.payload.source_effect_id : effectId;
        if (isReused) begun.place = placeIn(event.payload);
        return;
      }
      case "step.completed": {
        const { output } = event.payload;
        const key = keyOf(event.payload);
        const begun = this.#begun.get(key);
        if (output !== undefined && begun !== undefined)
          this.#results.set(key, { ...begun, output, sequence });
        return;
      }
      default:
        return;
    }
  }

  get results(): ReadonlyMap<string, RecordedResult> {
    return this.#results;
  }
}

/**
 * The results that may be taken as they are: not those of steps of which some effect was undone, by whichever run of
 * the lineage. What still stands of such a step is found in the ledger when it runs again.
 */
export function standingResults(
  results: ReadonlyMap<string, RecordedResult>,
  undone: ReadonlySet<string>,
): ReadonlyMap<string, RecordedResult> {
  if (undone.size === 0) return results;
  return new Map([...results].filter(([key]) => !undone.has(key)));
}

/**
 * The step of the outermost run that a place of the ledger lies in, as its occurrence key: `charge` of `charge`,
 * `each#0` of occurrence 0 of `each`, `order#1` of anything in `order[1]/…`.
 */
export function outermostStepKey(stepPath: string, occurrence: string): string {
  const [first = "", ...inner] = stepPath.split("/");
  if (inner.length === 0) return occurrence === "" ? first : `${first}#${occurrence}`;
  const bracket = first.indexOf("[");
  return bracket === -1 ? first : `${first.slice(0, bracket)}#${first.slice(bracket + 1, -1)}`;
}

/** The result that stands for a call that would be made now: of the same capability with the same input, or null. */
export function reusableResult(
  recorded: RecordedResults,
  key: string,
  call: { uses: string | null; input: JsonObject },
): RecordedResult | null {
  const result = recorded.results.get(key);
  if (result === undefined || result.uses !== call.uses) return null;
  return jsonEquals(result.input, call.input) ? result : null;
}

/** Where an effect's first event says that it stands; null for events from before they said it. */
function placeIn(payload: Partial<EffectPlace>): EffectPlace | null {
  const {
    step_path,
    capability_id,
    binding_id,
    binding_revision,
    effect_class,
    idempotency_key,
    request_hash,
    replay_policy,
    service_id,
  } = payload;
  if (
    step_path === undefined ||
    capability_id === undefined ||
    binding_id === undefined ||
    binding_revision === undefined ||
    effect_class === undefined ||
    idempotency_key === undefined ||
    request_hash === undefined ||
    replay_policy === undefined
  ) {
    return null;
  }
  return {
    step_path,
    capability_id,
    binding_id,
    binding_revision,
    effect_class,
    idempotency_key,
    request_hash,
    replay_policy,
    ...(service_id === undefined ? {} : { service_id }),
  };
}

function keyOf(payload: { step_id: string; occurrence?: string }): string {
  return occurrenceKey(payload.step_id, payload.occurrence);
}
