"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { sayConsequences, sayDifferences } from "../../core/diff-words.ts";
import type {
  DiffRow,
  RunDiff,
  StepDiff,
  StepDifference,
  StepSide,
} from "../../core/run-diff-view.ts";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { StatusBadge } from "../runs/status-badge.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { formatBytes } from "../ui/format-bytes.ts";
import { formatDuration } from "../ui/format-duration.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { ChangeList } from "./change-list.tsx";
import { compareHref } from "./compare-href.ts";
import { keyOf } from "./compare-lines.ts";
import { DetailsFrame } from "./details-frame.tsx";
import { SideFacts, type SideFact } from "./side-facts.tsx";

type StepDetailsProps = {
  diff: RunDiff;
  stepKey: string;
  /** Null until it is there. */
  row: DiffRow | null;
  isUnknown: boolean;
};

/** One step of both runs: what it did in each, and the fields that differ, which are asked for only now. */
export function StepDetails({ diff, stepKey, row, isUnknown }: StepDetailsProps) {
  if (isUnknown) {
    return (
      <DetailsFrame title={stepKey} note="Neither run came to a step of this name.">
        {null}
      </DetailsFrame>
    );
  }
  if (row === null) {
    return (
      <DetailsFrame title={stepKey} note="Looking for it.">
        <Skeleton className="h-40 w-full" />
      </DetailsFrame>
    );
  }
  return (
    <DetailsFrame title={stepKey} note={noteOf(row, diff)}>
      <SideFacts label="The step in both runs" facts={factsOf(row)} />
      <p className="flex flex-wrap gap-x-4 gap-y-1">
        {row.a === null ? null : <OpenIn side="A" runId={diff.a.run_id} stepKey={stepKey} />}
        {row.b === null ? null : <OpenIn side="B" runId={diff.b.run_id} stepKey={stepKey} />}
        <NestedRuns row={row} />
      </p>
      <Fields key={stepKey} diff={diff} row={row} />
    </DetailsFrame>
  );
}

function noteOf(row: DiffRow, diff: RunDiff): string {
  if (row.differences.length === 0) return "Equal in both runs.";
  const how =
    row.b === null
      ? "Only run A came to this step."
      : row.a === null
        ? "Only run B came to this step."
        : `Differs in ${sayDifferences(row.differences)}.`;
  const first = diff.first_divergence;
  if (first !== null && keyOf(first) === keyOf(row))
    return `${how} The runs part here: ${sayConsequences(diff.consequences, "this one")}.`;
  return row.is_consequence && first !== null ? `${how} Follows from ${keyOf(first)}.` : how;
}

function factsOf({ a, b, differences }: DiffRow): SideFact[] {
  const fact = (
    name: string,
    read: (side: StepSide) => SideFact["a"],
    difference?: StepDifference,
  ): SideFact[] => {
    const [valueA, valueB] = [a === null ? null : read(a), b === null ? null : read(b)];
    if (valueA === null && valueB === null) return [];
    const isDifferent = difference !== undefined && differences.includes(difference);
    return [{ name, a: valueA, b: valueB, isDifferent }];
  };
  return [
    ...fact("Status", (side) => <StatusBadge status={side.status} />, "status"),
    ...fact("Attempts", (side) => String(side.attempts), "attempts"),
    ...fact("Took", (side) =>
      side.duration_ms === null ? null : formatDuration(side.duration_ms),
    ),
    ...fact("Capability", (side) => side.uses, "uses"),
    ...fact("Binding", (side) => side.binding?.binding_id ?? null, "binding"),
    ...fact(
      "Input",
      (side) => (side.input === null ? null : formatBytes(side.input.bytes)),
      "input",
    ),
    ...fact(
      "Output",
      (side) => (side.output === null ? null : formatBytes(side.output.bytes)),
      "output",
    ),
    ...fact("Error", (side) => side.error?.message ?? null, "error"),
    ...fact("Effects", (side) => (side.effects === 0 ? null : String(side.effects))),
  ];
}

function OpenIn({ side, runId, stepKey }: { side: "A" | "B"; runId: string; stepKey: string }) {
  return (
    <Link
      className="text-accent hover:underline"
      href={`/runs/${runId}?step=${encodeURIComponent(stepKey)}`}
    >
      Open in run {side}
    </Link>
  );
}

function NestedRuns({ row }: { row: DiffRow }) {
  const [a, b] = [row.a?.child_run_id ?? null, row.b?.child_run_id ?? null];
  if (a === null || b === null) return null;
  return (
    <Link className="text-accent hover:underline" href={compareHref({ a, b, step: null })}>
      Compare the nested runs
    </Link>
  );
}

const IN_PAYLOADS: readonly StepDifference[] = ["only_a", "only_b", "input", "output", "error"];

function Fields({ diff, row }: { diff: RunDiff; row: DiffRow }) {
  const trpc = useTRPC();
  const hasFields = row.differences.some((name) => IN_PAYLOADS.includes(name));
  const query = useQuery(
    trpc.runs.diff.queryOptions(
      {
        run_id: diff.a.run_id,
        with: diff.b.run_id,
        step: row.step_id,
        ...(row.occurrence === null ? {} : { occurrence: row.occurrence }),
      },
      { enabled: hasFields },
    ),
  );
  if (!hasFields)
    return <p className="text-ink-muted">Input, output and error are equal in both runs.</p>;
  if (query.error !== null && query.data === undefined)
    return <ErrorState error={toErrorView(query.error)} onRetry={() => void query.refetch()} />;
  const step: StepDiff | null = query.data?.kind === "step" ? query.data : null;
  if (step === null) {
    return (
      <div role="status" aria-label="The fields are loading">
        <Skeleton className="h-40 w-full" />
      </div>
    );
  }
  if (step.change_count === 0)
    return <p className="text-ink-muted">The step has neither input, output nor error.</p>;
  return <ChangeList changes={step.changes} count={step.change_count} />;
}
