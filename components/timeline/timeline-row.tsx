"use client";

import { ChevronDown, ChevronRight } from "lucide-react";
import type { StepView } from "../../core/run-view.ts";
import { occurrenceKey } from "../../core/step.ts";
import type { StepGroup } from "../run-explorer/step-groups.ts";
import type { Span } from "../run-explorer/time-spans.ts";
import { occurrenceLabel } from "../run-explorer/occurrence-label.ts";
import { STATUS_STYLE, TONE_STYLE } from "../runs/status-style.ts";
import { classNames } from "../ui/class-names.ts";
import { formatDuration } from "../ui/format-duration.ts";
import { timelineBars, type TimelineBar } from "./timeline-bars.ts";
import { BAR_FILL } from "./timeline-legend.tsx";
import { TIMELINE_COLUMNS } from "./timeline-columns.ts";

type TimelineRowProps = {
  index: number;
  top: number;
  group: StepGroup;
  view: StepView;
  isInside: boolean;
  /** Whether its occurrences are shown; null where it has none. */
  isOpened: boolean | null;
  isSelected: boolean;
  span: Span;
  now: number;
  onSelect: (key: string) => void;
  onToggle: (stepId: string) => void;
};

/** One step, or one occurrence, on the time axis. */
export function TimelineRow({
  index,
  top,
  group,
  view,
  isInside,
  isOpened,
  isSelected,
  span,
  now,
  onSelect,
  onToggle,
}: TimelineRowProps) {
  const { icon: Icon, label, tone } = STATUS_STYLE[isInside ? view.status : group.shown];
  const isWait = group.step.kind !== "capability" && group.step.kind !== "skill";
  const bars = timelineBars(view, isWait, now);
  const first = bars[0];
  const last = bars.at(-1);
  const name = isInside ? occurrenceLabel(view) : view.step_id;
  return (
    <div
      role="row"
      aria-rowindex={index + 1}
      aria-selected={isSelected}
      className={classNames(
        TIMELINE_COLUMNS,
        "absolute inset-x-0 h-7 pr-2 hover:bg-hover",
        isSelected && "bg-selected hover:bg-selected",
      )}
      style={{ top }}
    >
      <div
        role="gridcell"
        className={classNames("flex min-w-0 items-center", isInside ? "pl-8" : "pl-1")}
      >
        {isOpened === null ? (
          <span className={isInside ? "hidden" : "w-6"} />
        ) : (
          <button
            type="button"
            aria-label={`${isOpened ? "Hide" : "Show"} the occurrences of ${view.step_id}`}
            aria-expanded={isOpened}
            onClick={() => onToggle(view.step_id)}
            className="flex size-6 shrink-0 items-center justify-center text-ink-muted hover:text-ink"
          >
            {isOpened ? (
              <ChevronDown aria-hidden className="size-3.5" />
            ) : (
              <ChevronRight aria-hidden className="size-3.5" />
            )}
          </button>
        )}
        <button
          type="button"
          onClick={() => onSelect(occurrenceKey(view.step_id, view.occurrence ?? undefined))}
          title={`${name}: ${label}`}
          className="flex h-7 min-w-0 flex-1 items-center gap-1.5 pr-2 text-left"
        >
          <Icon aria-hidden className={classNames("size-3.5 shrink-0", TONE_STYLE[tone].text)} />
          <span className="truncate">{name}</span>
          <span className="sr-only">{label}</span>
        </button>
      </div>
      <div
        role="gridcell"
        aria-label={bars.map(describeBar).join(", ") || "not started"}
        onClick={() => onSelect(occurrenceKey(view.step_id, view.occurrence ?? undefined))}
        className="relative cursor-pointer overflow-hidden border-l"
      >
        {bars.map((bar) => (
          <span
            key={`${bar.kind}${bar.start}`}
            title={describeBar(bar)}
            className={classNames(
              "absolute top-2 h-3 min-w-0.5 rounded-xs",
              BAR_FILL[bar.kind],
              toneOf(bar),
            )}
            style={{
              // What took no time at the very end still shows.
              left: `min(${((bar.start - span.start) / (span.end - span.start)) * 100}%, 100% - 2px)`,
              width: `${((bar.end - bar.start) / (span.end - span.start)) * 100}%`,
            }}
          />
        ))}
      </div>
      <span
        role="gridcell"
        className="flex items-center justify-end text-sm whitespace-nowrap text-ink-muted"
      >
        {first === undefined || last === undefined ? "" : formatDuration(last.end - first.start)}
      </span>
    </div>
  );
}

function toneOf(bar: TimelineBar): string {
  if (bar.kind !== "work") return TONE_STYLE.waiting.text;
  return TONE_STYLE[STATUS_STYLE[bar.outcome].tone].text;
}

function describeBar(bar: TimelineBar): string {
  const lasted = formatDuration(bar.end - bar.start);
  if (bar.kind === "wait") return `waited ${lasted}`;
  if (bar.kind === "retry_wait") return `${lasted} before the next attempt`;
  return `attempt ${bar.attempt} ${bar.outcome === "running" ? "has run" : bar.outcome} ${bar.outcome === "running" ? "for" : "after"} ${lasted}`;
}
