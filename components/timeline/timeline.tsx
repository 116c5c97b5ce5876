"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { ListTree } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import type { RunSummary } from "../../core/run-view.ts";
import { occurrenceKey } from "../../core/step.ts";
import type { StepGroup } from "../run-explorer/step-groups.ts";
import { CheckpointLane } from "../checkpoints/checkpoint-lane.tsx";
import { shareOfSpan } from "../checkpoints/checkpoint-marks.ts";
import type { CheckpointChoice } from "../checkpoints/use-checkpoint-choice.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { formatDuration } from "../ui/format-duration.ts";
import { useNow } from "../ui/use-now.ts";
import { axisTicks, hasRoomForLabel } from "./axis-ticks.ts";
import { TIMELINE_COLUMNS } from "./timeline-columns.ts";
import { TimelineLegend } from "./timeline-legend.tsx";
import { TimelineRow } from "./timeline-row.tsx";

type TimelineProps = {
  run: RunSummary;
  isLive: boolean;
  groups: readonly StepGroup[];
  selected: string | null;
  onSelect: (key: string) => void;
  choice: CheckpointChoice;
};

/** When each step worked and waited, from the creation of the run to its end or to now. */
export function Timeline({ run, isLive, groups, selected, onSelect, choice }: TimelineProps) {
  const tick = useNow(500);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(
    () =>
      groups.flatMap((group) => [
        { group, view: group.view, isInside: false },
        ...(opened.has(group.step.step_id)
          ? group.occurrences.map((view) => ({ group, view, isInside: true }))
          : []),
      ]),
    [groups, opened],
  );
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 28,
    overscan: 10,
  });
  const selectedIndex = rows.findIndex(
    ({ view }) => occurrenceKey(view.step_id, view.occurrence ?? undefined) === selected,
  );
  // Outside system: the scroll position.
  useEffect(() => {
    if (selectedIndex >= 0) virtualizer.scrollToIndex(selectedIndex, { align: "auto" });
  }, [virtualizer, selectedIndex]);

  if (groups.length === 0)
    return <EmptyState icon={ListTree} title="No step has been heard of yet" />;
  const start = Date.parse(run.created_at);
  const now = isLive
    ? Math.max(tick, start + 1)
    : run.finished_at === null
      ? tick
      : Date.parse(run.finished_at);
  const duration = Math.max(1, now - start);
  const span = { start, end: start + duration };
  const asOf = choice.checkpoints[choice.index];
  const toggle = (stepId: string) => {
    const next = new Set(opened);
    if (!next.delete(stepId)) next.add(stepId);
    setOpened(next);
  };

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className={`${TIMELINE_COLUMNS} h-7 shrink-0 border-b pr-2 text-xs text-ink-muted`}>
        <TimelineLegend />
        <div className="relative overflow-hidden">
          {axisTicks(duration, 6).map((mark) => (
            <span
              key={mark}
              className="absolute inset-y-0 flex items-center border-l pl-1 whitespace-nowrap"
              style={{ left: `${(mark / duration) * 100}%` }}
            >
              {mark === 0 ? "0" : hasRoomForLabel(mark, duration) ? formatDuration(mark) : null}
            </span>
          ))}
        </div>
        <span className="flex items-center justify-end">took</span>
      </div>
      <CheckpointLane choice={choice} span={span} />
      <div
        ref={scroller}
        role="grid"
        aria-label="Timeline of the steps"
        aria-rowcount={rows.length}
        className="min-h-0 flex-1 overflow-auto"
      >
        <div
          role="presentation"
          className="relative"
          style={{ height: virtualizer.getTotalSize() }}
        >
          {asOf === undefined ? null : <TimeCursor at={shareOfSpan(asOf.created_at, span)} />}
          {virtualizer.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            const { group, view, isInside } = row;
            return (
              <TimelineRow
                key={occurrenceKey(view.step_id, view.occurrence ?? undefined)}
                index={item.index}
                top={item.start}
                group={group}
                view={view}
                isInside={isInside}
                isOpened={
                  isInside || group.occurrences.length === 0 ? null : opened.has(group.step.step_id)
                }
                isSelected={item.index === selectedIndex}
                span={span}
                now={now}
                onSelect={onSelect}
                onToggle={toggle}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** A line through all rows at the moment that is looked at. */
function TimeCursor({ at }: { at: number }) {
  return (
    <div
      aria-hidden
      className={`${TIMELINE_COLUMNS} pointer-events-none absolute inset-0 z-10 pr-2`}
    >
      <span />
      <span className="relative border-l border-transparent">
        <span className="absolute inset-y-0 w-px bg-accent" style={{ left: `${at * 100}%` }} />
      </span>
    </div>
  );
}
