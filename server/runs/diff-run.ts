import { z } from "zod";
import { DomainError } from "../../core/errors.ts";
import { diffRunSides } from "../../core/run-diff.ts";
import type { DiffRows, RunDiff } from "../../core/run-diff-view.ts";
import { occurrenceKey } from "../../core/step.ts";
import type { CallContext } from "../api/call-context.ts";
import { decodeCursor, encodeCursor } from "../api/list-cursor.ts";
import { compareRuns, type RunPair } from "./compare-runs.ts";

const PositionSchema = z.int().min(0);

/**
 * A run beside another one of the tenant, step by step and without payloads, equal steps folded; a page of it. Throws
 * `run_not_found` for an id that the tenant has no run for.
 */
export async function diffRun(
  ctx: CallContext,
  { cursor, limit, ...pair }: RunPair & { cursor: string | undefined; limit: number },
): Promise<RunDiff> {
  const { a, b, diff } = await compareRuns(ctx, pair);
  const { entries, rows: _rows, ...rest } = diff;
  const from = cursor === undefined ? 0 : decodeCursor(cursor, PositionSchema);
  const next = from + limit;
  return {
    kind: "run",
    a,
    b,
    differences: diffRunSides(a, b),
    ...rest,
    entries: entries.slice(from, next),
    next_cursor: next < entries.length ? encodeCursor(next) : null,
  };
}

/** Where rows are looked at: at a position, or around a step or occurrence, as `step` or `step#occurrence`. */
export type RowsPlace = { from: number } | { near: string };

/** Rows of two runs as they stand, equal ones too. Throws `not_found` where neither run came to the step. */
export async function diffRunRows(
  ctx: CallContext,
  { limit, place, ...pair }: RunPair & { limit: number; place: RowsPlace },
): Promise<DiffRows> {
  const { rows } = (await compareRuns(ctx, pair)).diff;
  const from = "from" in place ? place.from : pageAround(place.near, pair.runId, rows, limit);
  return { kind: "rows", from, rows: rows.slice(from, from + limit) };
}

/** The beginning of the page of so many rows that holds a step. */
function pageAround(key: string, runId: string, rows: DiffRows["rows"], limit: number): number {
  const position = rows.findIndex(
    (row) => occurrenceKey(row.step_id, row.occurrence ?? undefined) === key,
  );
  if (position >= 0) return position - (position % limit);
  throw new DomainError("not_found", `Neither run came to a step ${key}.`, {
    hint: `List the steps with GET /api/v1/runs/${runId}/steps.`,
    details: { step: key },
  });
}
