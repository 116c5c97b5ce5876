"use client";

import { ChevronDown, ChevronUp } from "lucide-react";
import type { RunDiff } from "../../core/run-diff-view.ts";
import { Button } from "../ui/button.tsx";
import { VirtualTable } from "../ui/virtual-table.tsx";
import { countDifferences, type CompareLine } from "./compare-lines.ts";
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
  onNearEnd: (() => void) | null;
};

const HEADS = [
  { name: "Step" },
  { name: "A" },
  { name: "B" },
  { name: "Differs in", className: "@max-xl:hidden" },
];
const keyOf = (line: CompareLine) => line.key;

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
  onNearEnd,
}: DiffTableProps) {
  const position = differing.indexOf(currentKey);
  const count = countDifferences(diff);

  return (
    <section aria-label="Steps" className="@container flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex h-10 shrink-0 items-center gap-2 border-b px-4 lg:px-6">
        <p className="min-w-0 flex-1 truncate">
          <Totals diff={diff} />
        </p>
        {count === 0 ? null : (
          <>
            <span role="status" className="text-ink-muted">
              {position < 0 ? count : `${position + 1} of ${count}`}
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
      <VirtualTable
        label="Aligned steps"
        columns={DIFF_COLUMNS}
        heads={HEADS}
        rows={lines}
        keyOf={keyOf}
        rowHeight={36}
        currentKey={currentKey}
        onNearEnd={onNearEnd}
        focus={hasMoved ? "[data-cursor] button" : null}
        renderRow={(line, index, style) => (
          <DiffLine
            diff={diff}
            line={line}
            index={index}
            isCurrent={line.key === currentKey}
            isShown={line.key === shownKey}
            style={style}
            onOpen={onOpen}
            onFold={onFold}
          />
        )}
      />
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
