"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { ChevronDown, ChevronUp } from "lucide-react";
import { useEffect, useRef } from "react";
import type { RunDiff } from "../../core/run-diff-view.ts";
import { Button } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import type { CompareLine } from "./compare-lines.ts";
import { DIFF_COLUMNS, DiffLine } from "./diff-line.tsx";

type DiffTableProps = {
  diff: RunDiff;
  lines: readonly CompareLine[];
  /** The keys of what differs, in order. */
  differing: readonly string[];
  /** Where the keyboard stands. */
  currentKey: string;
  /** The keyboard stands elsewhere than on what is open. */
  hasMoved: boolean;
  /** What is open beside the table. */
  shownKey: string;
  onOpen: (key: string) => void;
  onFold: (key: string, isOpen: boolean) => void;
  onMove: (direction: 1 | -1) => void;
};

const HEADS = ["Step", "A", "B", "Differs in"];

/** The aligned steps as a table of which only the visible lines exist; equal steps are folded. */
export function DiffTable({
  diff,
  lines,
  differing,
  currentKey,
  hasMoved,
  shownKey,
  onOpen,
  onFold,
  onMove,
}: DiffTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 36,
    overscan: 12,
  });
  const latest = useRef(lines);
  useEffect(() => {
    latest.current = lines;
  }, [lines]);
  // Outside system: the scroll position and the focus, which follow the keyboard and what is opened by it.
  useEffect(() => {
    const index = latest.current.findIndex((line) => line.key === currentKey);
    if (index < 0) return;
    virtualizer.scrollToIndex(index, { align: "auto" });
    if (!hasMoved) return;
    const target = scroller.current?.querySelector<HTMLElement>("[data-cursor] button");
    if (target !== null && target !== undefined) target.focus({ preventScroll: true });
    else if (scroller.current?.contains(document.activeElement) === true) {
      // Otherwise Enter would press what had the focus before.
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    }
  }, [virtualizer, currentKey, hasMoved]);
  const position = differing.indexOf(currentKey);

  return (
    <section aria-label="Steps" className="@container flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex h-10 shrink-0 items-center gap-2 border-b px-4 lg:px-6">
        <p className="min-w-0 flex-1 truncate">
          <Totals diff={diff} />
        </p>
        {differing.length === 0 ? null : (
          <>
            <span role="status" className="text-ink-muted">
              {position < 0 ? differing.length : `${position + 1} of ${differing.length}`}
            </span>
            <Button
              look="quiet"
              size="iconSmall"
              aria-label="Previous difference"
              title="Previous difference (K)"
              onClick={() => onMove(-1)}
            >
              <ChevronUp aria-hidden />
            </Button>
            <Button
              look="quiet"
              size="iconSmall"
              aria-label="Next difference"
              title="Next difference (J)"
              onClick={() => onMove(1)}
            >
              <ChevronDown aria-hidden />
            </Button>
          </>
        )}
      </div>
      <div
        role="table"
        aria-label="Aligned steps"
        aria-rowcount={lines.length + 1}
        className="flex min-h-0 flex-1 flex-col"
      >
        <div role="rowgroup">
          <div
            role="row"
            aria-rowindex={1}
            className={classNames("h-8 border-b px-4 text-sm text-ink-muted lg:px-6", DIFF_COLUMNS)}
          >
            {HEADS.map((head) => (
              <span
                role="columnheader"
                key={head}
                className={head === "Differs in" ? "@max-xl:hidden" : undefined}
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
            {virtualizer.getVirtualItems().map((item) => {
              const line = lines[item.index];
              return line === undefined ? null : (
                <DiffLine
                  key={line.key}
                  diff={diff}
                  line={line}
                  index={item.index}
                  isCurrent={line.key === currentKey}
                  isShown={line.key === shownKey}
                  style={{ top: item.start, height: item.size }}
                  onOpen={onOpen}
                  onFold={onFold}
                />
              );
            })}
          </div>
        </div>
      </div>
    </section>
  );
}

function Totals({ diff: { totals } }: { diff: RunDiff }) {
  const parts = [
    [totals.equal, "equal"],
    [totals.differing, "different"],
    [totals.only_a, "only in A"],
    [totals.only_b, "only in B"],
  ] as const;
  return (
    <>
      {parts
        .filter(([count], index) => index < 2 || count > 0)
        .map(([count, name], index) => (
          <span key={name}>
            {index === 0 ? "" : ", "}
            <span className="font-medium">{count.toLocaleString("en")}</span> {name}
          </span>
        ))}
    </>
  );
}
