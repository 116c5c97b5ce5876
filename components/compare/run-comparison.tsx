"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { RunDiff } from "../../core/run-diff-view.ts";
import { isTerminal } from "../../core/run.ts";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { usePageKeys } from "../shell/page-keys.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { SplitPane } from "../ui/split-pane.tsx";
import { useMediaQuery } from "../ui/use-media-query.ts";
import { CompareHeader } from "./compare-header.tsx";
import { differingKeys, initialKey, moveToDifference, toCompareLines } from "./compare-lines.ts";
import { CompareSkeleton } from "./compare-skeleton.tsx";
import { DiffTable } from "./diff-table.tsx";
import { NoSuchRun } from "./no-such-run.tsx";
import { RunDetails } from "./run-details.tsx";
import { StepDetails } from "./step-details.tsx";

/** A run that goes on is compared again this often. */
const REFETCH_MS = 10_000;

type RunComparisonProps = {
  a: string;
  b: string;
  step: string | null;
  onOpen: (step: string) => void;
};

/** Two runs compared: their steps aligned, and beside them what differs in the one that is open. */
export function RunComparison({ a, b, step, onOpen }: RunComparisonProps) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.runs.diff.queryOptions(
      { run_id: a, with: b },
      {
        refetchInterval: ({ state: { data } }) =>
          data?.kind === "run" && !(isTerminal(data.a.status) && isTerminal(data.b.status))
            ? REFETCH_MS
            : false,
      },
    ),
  );
  if (query.error !== null && query.data === undefined) {
    const error = toErrorView(query.error);
    if (error.code === "run_not_found" || error.code === "invalid_request") {
      const named = error.details["run_id"];
      return <NoSuchRun ids={typeof named === "string" ? [named] : [...new Set([a, b])]} />;
    }
    return <ErrorState error={error} onRetry={() => void query.refetch()} />;
  }
  if (query.data?.kind !== "run") return <CompareSkeleton />;
  return <Compared diff={query.data} step={step} onOpen={onOpen} />;
}

type ComparedProps = { diff: RunDiff } & Pick<RunComparisonProps, "step" | "onOpen">;

function Compared({ diff, step, onOpen }: ComparedProps) {
  const shownKey = step ?? initialKey(diff);
  const [folds, setFolds] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [moved, setMoved] = useState<{ from: string; to: string } | null>(null);
  const hasRoom = useMediaQuery("(min-width: 1024px)");
  const lines = useMemo(() => toCompareLines(diff, folds, shownKey), [diff, folds, shownKey]);
  const differing = useMemo(() => differingKeys(diff), [diff]);
  // What was opened since the keyboard moved is where it stands.
  const currentKey = moved?.from === shownKey ? moved.to : shownKey;

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
    { key: "Enter", label: "Open the difference", run: () => open(currentKey) },
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
              currentKey={currentKey}
              hasMoved={moved !== null}
              shownKey={shownKey}
              onOpen={open}
              onFold={(key, isOpen) => setFolds(new Map(folds).set(key, isOpen))}
              onMove={move}
            />
          }
          second={
            shownKey === "" ? (
              <RunDetails diff={diff} />
            ) : (
              <StepDetails diff={diff} stepKey={shownKey} />
            )
          }
        />
      </div>
    </>
  );
}
