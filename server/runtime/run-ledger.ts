import type { EffectPlace, NewEvent } from "../../core/run-events.ts";
import { invariant } from "../../core/errors.ts";
import { effectIdOf, placeOfEffect } from "../../core/ids.ts";
import type { EffectWrite, UndoneWrite } from "../database/segment-write.ts";

const NONE_UNDONE: readonly UndoneWrite[] = [];

/** Nothing that a run does itself changes a row of these any more. */
const FINAL: ReadonlySet<EffectWrite["status"]> = new Set([
  "recorded",
  "reused",
  "blocked",
  "compensated",
]);

/** An exclusive run holds at most so many ledger rows back. */
const MAX_HELD_ROWS = 256;

/**
 * The ledger rows that a run's events imply, as far as they are not final or not written
 * (`docs/decisions/0013-ledger-follows-the-log.md`). Rows are folded from events, so that whoever loads the run after
 * a crash folds the same ones again.
 */
export class RunLedger {
  readonly #runId: string;
  readonly #rows = new Map<string, EffectWrite>();
  #changed = new Set<string>();
  #undone: UndoneWrite[] = [];
  #isWanted = false;

  /** `open`: the stored rows without a final outcome. */
  constructor(runId: string, open: readonly EffectWrite[]) {
    this.#runId = runId;
    for (const row of open) this.#rows.set(effectIdOf(runId, row.sequence), row);
  }

  get hasUnwritten(): boolean {
    return this.#changed.size > 0;
  }

  /** Asks that the rows be written with the next flush, whatever the run's kind. False where there are none. */
  want(): boolean {
    this.#isWanted = this.hasUnwritten;
    return this.#isWanted;
  }

  /** Whether the next flush has to write rows: a shared lineage claims its keys before each call. */
  isDue(isShared: boolean): boolean {
    return this.#isWanted || this.#changed.size > (isShared ? 0 : MAX_HELD_ROWS);
  }

  /** The changed rows, which count as written from now on. */
  take(): EffectWrite[] {
    this.#isWanted = false;
    if (this.#changed.size === 0) return [];
    const rows: EffectWrite[] = [];
    for (const effectId of this.#changed) {
      const row = this.#rows.get(effectId);
      if (row === undefined) continue;
      const isFinal = FINAL.has(row.status);
      if (isFinal) this.#rows.delete(effectId);
      // What goes on changing here must not change in a flush that is tried again.
      rows.push(isFinal ? row : { ...row });
    }
    this.#changed = new Set();
    return rows;
  }

  /** The effects that were undone after their rows were written, which count as written from now on. */
  takeUndone(): readonly UndoneWrite[] {
    if (this.#undone.length === 0) return NONE_UNDONE;
    const undone = this.#undone;
    this.#undone = [];
    return undone;
  }

  /** Folds an event; those that are not about effects change nothing. */
  fold(event: NewEvent, sequence: number, at: number): void {
    switch (event.type) {
      case "side_effect.attempted": {
        const { payload } = event;
        const before = this.#rows.get(payload.effect_id);
        this.#set(payload.effect_id, {
          ...newRow(payload, payload.occurrence, before?.sequence ?? sequence, at),
          attempts: payload.attempts,
          approvalId: payload.approval_id ?? null,
          createdAt: before?.createdAt ?? at,
          compensatesEffectId: payload.compensates_effect_id ?? null,
        });
        return;
      }
      case "side_effect.reused":
      case "side_effect.blocked": {
        const { payload, type } = event;
        if (!isPlaced(payload)) return;
        const isReused = type === "side_effect.reused";
        this.#set(payload.effect_id, {
          ...newRow(payload, payload.occurrence, sequence, at),
          status: isReused ? "reused" : "blocked",
          resultSequence: isReused ? sequence + 1 : null,
        });
        return;
      }
      case "side_effect.resolved": {
        const { payload } = event;
        if (payload.resolution === "stop") return;
        const row = this.#rowOf(payload.effect_id);
        const hasHappened = payload.resolution === "happened";
        row.status = hasHappened ? "recorded" : "failed";
        row.updatedAt = at;
        if (!hasHappened) return;
        row.responseHash = payload.response_hash ?? null;
        row.receipt = payload.receipt ?? row.receipt;
        row.resultSequence = sequence;
        return;
      }
      case "side_effect.recorded": {
        const row = this.#rowOf(event.payload.effect_id);
        row.status = "recorded";
        row.responseHash = event.payload.response_hash;
        row.receipt = event.payload.receipt ?? null;
        row.resultSequence = sequence + 1;
        row.updatedAt = at;
        return;
      }
      case "side_effect.failed":
      case "side_effect.in_doubt": {
        const row = this.#rowOf(event.payload.effect_id);
        row.status = event.type === "side_effect.failed" ? "failed" : "in_doubt";
        row.updatedAt = at;
        return;
      }
      case "step.compensated": {
        const { effect_id: effectId } = event.payload;
        const row = this.#rows.get(effectId);
        const place = placeOfEffect(effectId);
        if (row !== undefined)
          this.#set(effectId, { ...row, status: "compensated", updatedAt: at });
        else if (place !== null)
          this.#undone.push({ effectRunId: place.runId, sequence: place.sequence, at });
        return;
      }
      default:
        return;
    }
  }

  /** The row of an effect without a final outcome, as it stands; null for others. */
  findOpen(effectId: string): Readonly<EffectWrite> | null {
    return this.#rows.get(effectId) ?? null;
  }

  #set(effectId: string, row: EffectWrite): void {
    this.#rows.set(effectId, row);
    this.#changed.add(effectId);
  }

  #rowOf(effectId: string): EffectWrite {
    const row = this.#rows.get(effectId);
    invariant(row !== undefined, `effect ${effectId} of run ${this.#runId} was attempted`);
    this.#changed.add(effectId);
    return row;
  }
}

/** A row as its first event leaves it: attempted, for the first time. */
function newRow(
  place: EffectPlace,
  occurrence: string | undefined,
  sequence: number,
  at: number,
): EffectWrite {
  return {
    sequence,
    stepPath: place.step_path,
    occurrence: occurrence ?? "",
    capabilityId: place.capability_id,
    bindingId: place.binding_id,
    bindingRevision: place.binding_revision,
    effectClass: place.effect_class,
    idempotencyKey: place.idempotency_key,
    requestHash: place.request_hash,
    replayPolicy: place.replay_policy,
    attempts: 0,
    status: "attempted",
    approvalId: null,
    compensatesEffectId: null,
    responseHash: null,
    receipt: null,
    resultSequence: null,
    createdAt: at,
    updatedAt: at,
  };
}

/** False for events from before they said where they stand. */
function isPlaced<Payload extends Partial<EffectPlace>>(
  payload: Payload,
): payload is Payload & EffectPlace {
  return payload.step_path !== undefined;
}
