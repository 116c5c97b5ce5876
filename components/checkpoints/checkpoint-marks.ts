import type { CheckpointView } from "../../core/run-view.ts";
import type { Span } from "../run-explorer/time-spans.ts";

/** Marks closer together than this share of the axis are drawn as one. */
const SLOTS = 400;

/** A tick on the time axis: where, in shares of its width, and whether one of its checkpoints is pinned. */
export type CheckpointMark = { at: number; isPinned: boolean };

/** The share of the axis at which a moment lies, between 0 and 1. */
export function shareOfSpan(time: string, span: Span): number {
  return Math.min(1, Math.max(0, (Date.parse(time) - span.start) / (span.end - span.start)));
}

/** The ticks of a run's checkpoints, at most one per place that can be told apart. */
export function checkpointMarks(
  checkpoints: readonly CheckpointView[],
  pinned: ReadonlySet<string>,
  span: Span,
): CheckpointMark[] {
  const bySlot = new Map<number, CheckpointMark>();
  for (const { checkpoint_id: id, created_at: time } of checkpoints) {
    const at = shareOfSpan(time, span);
    const slot = Math.round(at * SLOTS);
    const isPinned = pinned.has(id) || bySlot.get(slot)?.isPinned === true;
    bySlot.set(slot, { at: bySlot.get(slot)?.at ?? at, isPinned });
  }
  return [...bySlot.values()];
}

/** The checkpoint nearest to a place on the axis; of several at one moment the last, which knows most. */
export function nearestCheckpoint(
  checkpoints: readonly CheckpointView[],
  share: number,
  span: Span,
): CheckpointView | null {
  let nearest: CheckpointView | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const checkpoint of checkpoints) {
    const distance = Math.abs(shareOfSpan(checkpoint.created_at, span) - share);
    if (distance > least) continue;
    [nearest, least] = [checkpoint, distance];
  }
  return nearest;
}
