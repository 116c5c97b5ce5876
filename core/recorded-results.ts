import type { ReplayPolicy } from "./capability.ts";
import { isUndo } from "./compensation.ts";
import { refOfKey } from "./decision.ts";
import { jsonEquals, type JsonObject } from "./json.ts";
import type { ReplayChanges } from "./replay-changes.ts";
import type { EffectPlace, NewEvent, RunEvent } from "./run-events.ts";
import { mappedStep } from "./step-compatibility.ts";
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

/** What is done with steps otherwise than policy says, by step id. */
export type Overrides = Readonly<Record<string, ReplayPolicy>>;

/** Of which replay or fork the results are, and what it does otherwise than its source. */
type Replayed = {
  replay: { through: number; changes?: ReplayChanges };
  overrides?: Overrides;
  undone: Undone;
};

/** What of a lineage was undone. */
export type Undone = {
  effectIds: ReadonlySet<string>;
  /** Steps and occurrences of which some effect was, those of nested runs included, as the ledger's paths name them. */
  keys: ReadonlySet<string>;
};

/**
 * What of a source stands for the steps of a replay or fork, under their ids there: the results up to its point, and
 * the later ones of steps that are to take them all the same. Fed with the source's history, once and in order.
 */
export class SourceResults {
  readonly #before = new ResultCollector();
  readonly #all = new ResultCollector();
  readonly #through: number;

  constructor(through: number) {
    this.#through = through;
  }

  add(event: RunEvent): void {
    if (event.sequence <= this.#through) this.#before.add(event, event.sequence);
    this.#all.add(event, event.sequence);
  }

  /** What every step of the source had brought in the end, under the ids of the replay or fork. */
  expected({ changes }: Replayed["replay"]): ReadonlyMap<string, RecordedResult> {
    return underNewIds(this.#all.results, changes);
  }

  reusable(sourceRunId: string, { replay, overrides = {}, undone }: Replayed): RecordedResults {
    const results = underNewIds(this.#before.results, replay.changes);
    for (const [key, result] of this.expected(replay)) {
      const { step_id: stepId } = refOfKey(key);
      if (overrides[stepId] === "use_recorded_result") results.set(key, result);
    }
    return { sourceRunId, results: standingResults(results, undoneHere(undone, replay.changes)) };
  }
}

/** The keys of a source's steps as they are in a replay or fork; those of steps that have no heir are left out. */
export function underNewIds<T>(
  entries: ReadonlyMap<string, T>,
  changes: ReplayChanges | undefined,
): Map<string, T> {
  const stepMap = changes?.step_map;
  if (stepMap === undefined) return new Map(entries);
  const renamed = new Map<string, T>();
  for (const [key, value] of entries) {
    const { step_id: stepId, occurrence } = refOfKey(key);
    const to = mappedStep(stepMap, stepId);
    if (to !== null) renamed.set(occurrenceKey(to, occurrence), value);
  }
  return renamed;
}

/** What was undone, by the keys that the ledger's paths have in a replay or fork; of steps that it has not, nothing. */
export function undoneHere({ effectIds, keys }: Undone, changes?: ReplayChanges): Undone {
  const paths = changes?.ledger_paths ?? {};
  const idOf = new Map(Object.entries(paths).map(([id, path]) => [path, id]));
  const renamed = [...keys].flatMap((key) => {
    const { step_id: path, occurrence } = refOfKey(key);
    const id = idOf.get(path) ?? (Object.hasOwn(paths, path) ? null : path);
    return id === null ? [] : [occurrenceKey(id, occurrence)];
  });
  return { effectIds, keys: new Set(renamed) };
}

/**
 * The results that may be taken as they are: not those of effects that were undone, nor of nested runs of which some
 * effect was, by whichever run of the lineage. What still stands of such a run is found in the ledger when it runs again.
 */
export function standingResults(
  results: ReadonlyMap<string, RecordedResult>,
  { effectIds, keys }: Undone,
): ReadonlyMap<string, RecordedResult> {
  if (effectIds.size === 0) return results;
  const stands = ([key, { effectId }]: [string, RecordedResult]) =>
    effectId === null ? !keys.has(key) : !effectIds.has(effectId);
  return new Map([...results].filter(stands));
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

/**
 * The result that stands for a call that would be made now: of the same capability with the same input, unless it is to
 * be made anew. Null where there is none.
 */
export function reusableResult(
  recorded: RecordedResults,
  key: string,
  call: { uses: string | null; input: JsonObject },
  overrides: Overrides = {},
): RecordedResult | null {
  const override = overrides[refOfKey(key).step_id];
  if (override === "reexecute" || override === "require_human") return null;
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
