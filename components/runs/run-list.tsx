"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { RunSummary } from "../../core/run-view.ts";
import { classNames } from "../ui/class-names.ts";
import { useMediaQuery } from "../ui/use-media-query.ts";
import { RUN_COLUMNS, RunRow } from "./run-row.tsx";

type RunListProps = {
  runs: readonly RunSummary[];
  /** The run that the keyboard stands on. */
  currentId: string | null;
  hasMore: boolean;
  onNearEnd: () => void;
};

const HEADS = ["Status", "Skill", "Run", "Environment", "Started", "Duration"];

/** The runs as a table of which only the visible rows exist. */
export function RunList({ runs, currentId, hasMore, onNearEnd }: RunListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const isNarrow = useMediaQuery("(max-width: 767px)") ?? false;
  const virtualizer = useVirtualizer({
    count: runs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (isNarrow ? 60 : 40),
    overscan: 12,
  });
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;

  useEffect(() => virtualizer.measure(), [virtualizer, isNarrow]);
  const latest = useRef(runs);
  useEffect(() => {
    latest.current = runs;
  }, [runs]);
  // Outside system: the scroll position and the focus, which follow the keyboard, but not a run that new ones push down.
  useEffect(() => {
    const index = latest.current.findIndex((run) => run.run_id === currentId);
    if (index < 0) return;
    virtualizer.scrollToIndex(index, { align: "auto" });
    scroller.current?.querySelector<HTMLElement>('[aria-current="true"] a')?.focus();
  }, [virtualizer, currentId]);
  // Outside system: the server, which has the next page.
  useEffect(() => {
    if (hasMore && last >= runs.length - 20) onNearEnd();
  }, [hasMore, last, runs.length, onNearEnd]);

  return (
    <div
      role="table"
      aria-label="Runs"
      aria-rowcount={runs.length + 1}
      className="flex min-h-0 flex-1 flex-col"
    >
      <div role="rowgroup">
        <div
          role="row"
          aria-rowindex={1}
          className={classNames(
            "h-8 border-b px-4 text-sm text-ink-muted max-md:hidden lg:px-6",
            RUN_COLUMNS,
          )}
        >
          {HEADS.map((head) => (
            <span
              role="columnheader"
              key={head}
              className={head === "Duration" ? "text-right" : undefined}
            >
              {head}
            </span>
          ))}
        </div>
      </div>
      <div ref={scroller} role="rowgroup" className="min-h-0 flex-1 overflow-auto" tabIndex={-1}>
        <div
          role="presentation"
          className="relative"
          style={{ height: virtualizer.getTotalSize() }}
        >
          {items.map((item) => {
            const run = runs[item.index];
            return run === undefined ? null : (
              <RunRow
                key={run.run_id}
                run={run}
                index={item.index}
                isCurrent={run.run_id === currentId}
                style={{ top: item.start, height: item.size }}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}
