"use client";

import { ChevronDown, ChevronRight, CornerDownRight, Split } from "lucide-react";
import type { CSSProperties, ReactNode } from "react";
import { sayDifferences } from "../../core/diff-words.ts";
import type { RunDiff } from "../../core/run-diff-view.ts";
import { StatusBadge } from "../runs/status-badge.tsx";
import type { AnyStatus } from "../runs/status-style.ts";
import { classNames } from "../ui/class-names.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { keyOf, type CompareLine } from "./compare-lines.ts";
import { useDiffRow } from "./use-diff-rows.ts";

/** The columns of the table, shared by its head and its lines; a narrow table leaves the last one out. */
export const DIFF_COLUMNS =
  "grid grid-cols-[minmax(0,1fr)_104px_104px] items-center gap-3 @xl:grid-cols-[minmax(0,1fr)_140px_140px_minmax(104px,0.6fr)]";

type DiffLineProps = {
  diff: RunDiff;
  line: CompareLine;
  index: number;
  isCurrent: boolean;
  isShown: boolean;
  style: CSSProperties;
  onOpen: (key: string) => void;
  onFold: (key: string, isOpen: boolean) => void;
};

/** One line of the table; its button covers the whole line. */
export function DiffLine(props: DiffLineProps) {
  const { line } = props;
  return line.kind === "equal" ? (
    <EqualLine {...props} position={line.position} />
  ) : (
    <KnownLine {...props} line={line} />
  );
}

/** An equal step, which is asked for once its line is in view. */
function EqualLine({ position, ...props }: DiffLineProps & { position: number }) {
  const row = useDiffRow(props.diff, position);
  if (row === null) {
    return (
      <div
        role="row"
        aria-rowindex={props.index + 2}
        style={props.style}
        className="absolute inset-x-0 flex items-center border-b px-4 lg:px-6"
      >
        <span role="cell" className="w-40">
          <Skeleton className="h-4 w-full" />
        </span>
      </div>
    );
  }
  return <KnownLine {...props} line={{ kind: "step", key: keyOf(row), row, isFirst: false }} />;
}

type KnownLineProps = Omit<DiffLineProps, "line"> & {
  line: Exclude<CompareLine, { kind: "equal" }>;
};

function KnownLine({
  diff,
  line,
  index,
  isCurrent,
  isShown,
  style,
  onOpen,
  onFold,
}: KnownLineProps) {
  const frame = {
    role: "row",
    "aria-rowindex": index + 2,
    style,
    ...(isShown ? { "aria-current": "true" as const } : {}),
    ...(isCurrent ? { "data-cursor": true } : {}),
  };
  if (line.kind === "fold") {
    const Icon = line.isOpen ? ChevronDown : ChevronRight;
    return (
      <div
        {...frame}
        className="absolute inset-x-0 flex items-center border-b bg-sunken px-4 text-ink-muted hover:bg-hover lg:px-6"
      >
        <span role="cell" className="flex items-center gap-1.5">
          <Icon aria-hidden className="size-3.5" />
          <LineButton onClick={() => onFold(line.key, !line.isOpen)} isExpanded={line.isOpen}>
            {line.count.toLocaleString("en")} equal {line.count === 1 ? "step" : "steps"}
          </LineButton>
        </span>
      </div>
    );
  }
  return (
    <div
      {...frame}
      className={classNames(
        "absolute inset-x-0 border-b px-4 lg:px-6",
        DIFF_COLUMNS,
        isShown ? "bg-selected" : "hover:bg-hover",
        isCurrent && "shadow-[inset_2px_0_0_var(--accent)]",
      )}
    >
      {line.kind === "run" ? (
        <Cells
          name={<span className="font-medium">The runs as wholes</span>}
          a={diff.a.status}
          b={diff.b.status}
          differences={sayDifferences(line.differences)}
          isEqual={line.differences.length === 0}
          onOpen={() => onOpen(line.key)}
        />
      ) : (
        <Cells
          name={<StepName line={line} />}
          title={line.key}
          a={line.row.a?.status ?? null}
          b={line.row.b?.status ?? null}
          differences={sayDifferences(line.row.differences)}
          isEqual={line.row.differences.length === 0}
          onOpen={() => onOpen(line.key)}
        />
      )}
    </div>
  );
}

function StepName({ line }: { line: Extract<CompareLine, { kind: "step" }> }) {
  const { row, isFirst } = line;
  return (
    <>
      {row.step_id}
      {row.occurrence === null ? null : <span className="text-ink-muted">#{row.occurrence}</span>}
      {isFirst ? (
        <span
          title="The runs part here"
          className="ml-2 inline-flex items-center gap-1 align-middle text-sm font-medium text-accent"
        >
          <Split aria-hidden className="size-3.5 rotate-90" />
          <span className="@max-xl:sr-only">first difference</span>
        </span>
      ) : null}
      {row.is_consequence ? (
        <span title="Follows from the first difference" className="ml-2 text-ink-muted">
          <CornerDownRight aria-hidden className="inline size-3.5" />
          <span className="sr-only">follows from the first difference</span>
        </span>
      ) : null}
    </>
  );
}

type CellsProps = {
  name: ReactNode;
  title?: string;
  a: AnyStatus | null;
  b: AnyStatus | null;
  differences: string;
  isEqual: boolean;
  onOpen: () => void;
};

function Cells({ name, title, a, b, differences, isEqual, onOpen }: CellsProps) {
  return (
    <>
      <span role="cell" className="min-w-0 truncate" {...(title === undefined ? {} : { title })}>
        <LineButton onClick={onOpen}>{name}</LineButton>
      </span>
      <span role="cell">{a === null ? <Absent /> : <StatusBadge status={a} />}</span>
      <span role="cell">{b === null ? <Absent /> : <StatusBadge status={b} />}</span>
      <span
        role="cell"
        title={differences}
        className={classNames(
          "truncate @max-xl:hidden",
          isEqual ? "text-ink-muted" : "text-ink-soft",
        )}
      >
        {differences}
      </span>
    </>
  );
}

function Absent() {
  return <span className="px-1.5 text-ink-muted">–</span>;
}

function LineButton({
  onClick,
  isExpanded,
  children,
}: {
  onClick: () => void;
  isExpanded?: boolean;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      onClick={onClick}
      {...(isExpanded === undefined ? {} : { "aria-expanded": isExpanded })}
      className="text-left outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
    >
      {children}
    </button>
  );
}
