"use client";

import { useMemo, useState } from "react";
import type { DiffRow, RunDiff } from "../../core/run-diff-view.ts";
import { toErrorView } from "../api/error-view.ts";
import { usePageKeys } from "../shell/page-keys.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { SplitPane } from "../ui/split-pane.tsx";
import { useMediaQuery } from "../ui/use-media-query.ts";
import { CompareHeader } from "./compare-header.tsx";
import {
  differingKeys,
  initialKey,
  keyOf,
  lineKeyAt,
  moveToDifference,
  toCompareLines,
} from "./compare-lines.ts";
import { CompareSkeleton } from "./compare-skeleton.tsx";
import { DiffTable } from "./diff-table.tsx";
import { NoSuchRun } from "./no-such-run.tsx";
import { RunDetails } from "./run-details.tsx";
import { StepDetails } from "./step-details.tsx";
import { useFoundStep } from "./use-diff-rows.ts";
import { useRunDiff } from "./use-run-diff.ts";

type RunComparisonProps = {
  a: string;
  b: string;
  step: string | null;
  onOpen: (step: string) => void;
};

/** Two runs compared: their steps aligned, and beside them what differs in the one that is open. */
export function RunComparison({ a, b, step, onOpen }: RunComparisonProps) {
  const query = useRunDiff(a, b);
  if (query.error !== null && query.diff === null) {
    const error = toErrorView(query.error);
    if (error.code === "run_not_found" || error.code === "invalid_request") {
      const named = error.details["run_id"];
      return <NoSuchRun ids={typeof named === "string" ? [named] : [...new Set([a, b])]} />;
    }
    return <ErrorState error={error} onRetry={() => void query.refetch()} />;
  }
  if (query.diff === null) return <CompareSkeleton />;
  const more = query.hasNextPage && !query.isFetching ? () => void query.fetchNextPage() : null;
  return <Compared diff={query.diff} step={step} onOpen={onOpen} onNearEnd={more} />;
}

type ComparedProps = {
  diff: RunDiff;
  /** Asks for more of it; null where there is no more. */
  onNearEnd: (() => void) | null;
} & Pick<RunComparisonProps, "step" | "onOpen">;

function Compared({ diff, step, onOpen, onNearEnd }: ComparedProps) {
  const shownKey = step ?? initialKey(diff);
  const [folds, setFolds] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [moved, setMoved] = useState<{ from: string; to: string } | null>(null);
  const hasRoom = useMediaQuery("(min-width: 1024px)");
  const differing = useMemo(() => differingKeys(diff), [diff]);
  const shownRow = useMemo(() => rowOf(diff, shownKey), [diff, shownKey]);
  const found = useFoundStep(diff, shownKey === "" || shownRow !== null ? null : shownKey);
  // One that differs and stands on a page to come has no line yet.
  const position =
    found.state === "found" && found.row.differences.length === 0 ? found.position : null;
  const shownLine = position === null ? shownKey : lineKeyAt(position);
  const lines = useMemo(() => toCompareLines(diff, folds, position), [diff, folds, position]);
  // What was opened since the keyboard moved is where it stands.
  const currentKey = moved?.from === shownKey ? moved.to : shownLine;

  const move = (direction: 1 | -1) =>
    setMoved({ from: shownKey, to: moveToDifference(lines, currentKey, direction) });
  const open = (key: string) => {
    setMoved(null);
    onOpen(key);
  };
  usePageKeys([
    { key: "j", label: "Next difference", run: () => move(1) },
    { key: "k", label: "Previous difference", run: () => move(-1) },
    { key: "ArrowDown", label: "Next difference", run: () => move(1) },
    { key: "ArrowUp", label: "Previous difference", run: () => move(-1) },
    {
      key: "Enter",
      label: "Open the difference",
      run: () => open(currentKey === shownLine ? shownKey : currentKey),
    },
  ]);

  return (
    <>
      <CompareHeader diff={diff} step={step} />
      <div className="flex min-h-0 flex-1 max-lg:min-h-160 max-lg:shrink-0">
        <SplitPane
          name="compare"
          direction={hasRoom === false ? "column" : "row"}
          initialShare={0.56}
          label="Size of the list of steps"
          first={
            <DiffTable
              diff={diff}
              lines={lines}
              differing={differing}
              onNearEnd={onNearEnd}
              currentKey={currentKey}
              hasMoved={moved !== null}
              shownKey={shownLine}
              onOpen={open}
              onFold={(key, isOpen) => setFolds(new Map(folds).set(key, isOpen))}
              onMove={move}
            />
          }
          second={
            shownKey === "" ? (
              <RunDetails diff={diff} />
            ) : (
              <StepDetails
                diff={diff}
                stepKey={shownKey}
                row={shownRow ?? (found.state === "found" ? found.row : null)}
                isUnknown={found.state === "unknown"}
              />
            )
          }
        />
      </div>
    </>
  );
}

/** The row of a step that differs, as far as pages were asked for. */
function rowOf({ entries }: RunDiff, key: string): DiffRow | null {
  const entry = entries.find((each) => each.kind === "step" && keyOf(each.row) === key);
  return entry?.kind === "step" ? entry.row : null;
}
