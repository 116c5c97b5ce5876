import { invariant } from "../../core/errors.ts";
import { effectIdOf, placeOfEffect } from "../../core/ids.ts";
import type { NewEvent } from "../../core/run-events.ts";
import type { EffectWrite, UndoneWrite } from "../database/segment-write.ts";

const NONE_UNDONE: readonly UndoneWrite[] = [];

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
      const isFinal = row.status === "recorded" || row.status === "compensated";
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
        this.#set(payload.effect_id, {
          sequence: this.#rows.get(payload.effect_id)?.sequence ?? sequence,
          stepPath: payload.step_path,
          occurrence: payload.occurrence ?? "",
          capabilityId: payload.capability_id,
          bindingId: payload.binding_id,
          bindingRevision: payload.binding_revision,
          effectClass: payload.effect_class,
          idempotencyKey: payload.idempotency_key,
          requestHash: payload.request_hash,
          replayPolicy: payload.replay_policy,
          attempts: payload.attempts,
          status: "attempted",
          compensatesEffectId: payload.compensates_effect_id ?? null,
          responseHash: null,
          receipt: null,
          resultSequence: null,
          createdAt: this.#rows.get(payload.effect_id)?.createdAt ?? at,
          updatedAt: at,
        });
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
