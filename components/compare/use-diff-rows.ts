"use client";

import { useQuery } from "@tanstack/react-query";
import type { DiffRow, RunDiff } from "../../core/run-diff-view.ts";
import { isTerminal } from "../../core/run.ts";
import { useTRPC } from "../api/trpc.ts";
import { keyOf } from "./compare-lines.ts";

const PAGE = 100;

/** The row at a position, which comes with those around it; null until it is there. */
export function useDiffRow(diff: RunDiff, position: number): DiffRow | null {
  const from = position - (position % PAGE);
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.runs.diff.queryOptions(
      { run_id: diff.a.run_id, with: diff.b.run_id, from, limit: PAGE },
      { staleTime: staleTimeOf(diff) },
    ),
  );
  return data?.kind === "rows" ? (data.rows[position - from] ?? null) : null;
}

/** A step that no entry has: an equal one, or one of a later page. */
export type FoundStep =
  { state: "found"; row: DiffRow; position: number } | { state: "loading" } | { state: "unknown" };

/** Looks up where a step stands; `key` is null where nobody wants to know. */
export function useFoundStep(diff: RunDiff, key: string | null): FoundStep {
  const trpc = useTRPC();
  const { data, error } = useQuery(
    trpc.runs.diff.queryOptions(
      { run_id: diff.a.run_id, with: diff.b.run_id, near: key ?? "", limit: PAGE },
      { enabled: key !== null, staleTime: staleTimeOf(diff), retry: false },
    ),
  );
  if (error !== null) return { state: "unknown" };
  if (data?.kind !== "rows" || key === null) return { state: "loading" };
  const index = data.rows.findIndex((row) => keyOf(row) === key);
  const row = data.rows[index];
  if (row === undefined) return { state: "unknown" };
  return { state: "found", row, position: data.from + index };
}

/** Rows of runs that have ended stay as they are. */
function staleTimeOf({ a, b }: RunDiff): number {
  return isTerminal(a.status) && isTerminal(b.status) ? Infinity : 0;
}
