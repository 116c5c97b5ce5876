"use client";

import { Pin } from "lucide-react";
import { useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from "react";
import type { CheckpointView } from "../../core/run-view.ts";
import type { Span } from "../run-explorer/time-spans.ts";
import { TIMELINE_COLUMNS } from "../timeline/timeline-columns.ts";
import { checkpointMarks, nearestCheckpoint, shareOfSpan } from "./checkpoint-marks.ts";
import { checkpointName } from "./checkpoint-name.ts";
import type { CheckpointChoice } from "./use-checkpoint-choice.ts";

/** A run's checkpoints on its time axis: a press takes the nearest one, arrow keys go from one to the next. */
export function CheckpointLane({ choice, span }: { choice: CheckpointChoice; span: Span }) {
  const { checkpoints, pinned, index, select, move } = choice;
  const axis = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<CheckpointView | null>(null);
  const { start, end } = span;
  const marks = useMemo(
    () => checkpointMarks(checkpoints, pinned, { start, end }),
    [checkpoints, pinned, start, end],
  );
  const chosen = checkpoints[index] ?? null;
  const told = pointed ?? chosen;

  const nearestTo = ({ clientX }: MouseEvent): CheckpointView | null => {
    const box = axis.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return null;
    return nearestCheckpoint(checkpoints, (clientX - box.left) / box.width, span);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = KEYS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    move(by);
  };

  return (
    <div className={`${TIMELINE_COLUMNS} h-6 shrink-0 border-b pr-2 text-xs text-ink-muted`}>
      <span className="truncate pr-2 pl-3 leading-6">
        {told === null ? `Checkpoints ${checkpoints.length}` : checkpointName(told)}
      </span>
      <div
        ref={axis}
        role="slider"
        tabIndex={0}
        aria-label="Checkpoint"
        aria-valuemin={0}
        aria-valuemax={checkpoints.length}
        aria-valuenow={index + 1}
        aria-valuetext={
          chosen === null
            ? "none chosen"
            : `${checkpointName(chosen)}, ${index + 1} of ${checkpoints.length}`
        }
        onKeyDown={onKeyDown}
        onClick={(event) => {
          const nearest = nearestTo(event);
          if (nearest !== null) select(nearest);
        }}
        onMouseMove={(event) => setPointed(nearestTo(event))}
        onMouseLeave={() => setPointed(null)}
        className="relative cursor-pointer border-l -outline-offset-2 hover:bg-hover"
      >
        {marks.map(({ at, isPinned }) =>
          isPinned ? (
            <Pin
              key={at}
              aria-hidden
              className="absolute top-1.5 size-3 -translate-x-1/2 fill-current text-ink"
              style={{ left: `${at * 100}%` }}
            />
          ) : (
            <span
              key={at}
              aria-hidden
              className="absolute top-2 h-2 w-0.5 -translate-x-1/2 rounded-xs bg-control-line"
              style={{ left: `${at * 100}%` }}
            />
          ),
        )}
        {[pointed, chosen].map((checkpoint, position) =>
          checkpoint === null ? null : (
            <span
              key={position === 0 ? "pointed" : "chosen"}
              aria-hidden
              className={`pointer-events-none absolute top-2 size-2 -translate-x-1/2 rotate-45 rounded-xs border-2 border-accent ${position === 0 ? "bg-surface" : "bg-accent"}`}
              style={{ left: `${shareOfSpan(checkpoint.created_at, span) * 100}%` }}
            />
          ),
        )}
      </div>
      <span />
    </div>
  );
}

const KEYS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};
