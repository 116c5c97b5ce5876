import { z } from "zod";
import type { RunSummary } from "../../core/run-view.ts";
import type { CallContext } from "../api/call-context.ts";
import type { RunsFilterSchema } from "../api/run-schemas.ts";
import { listRunRows } from "../database/list-run-rows.ts";
import { toRunSummary } from "../database/run-row.ts";
import { decodeCursor, encodeCursor } from "../api/list-cursor.ts";

const RunCursorSchema = z.tuple([z.iso.datetime(), z.string()]);

/** A page of the tenant's runs, newest first. Runs that start meanwhile do not shift the pages that follow. */
export async function listRuns(
  ctx: CallContext,
  filter: z.output<typeof RunsFilterSchema>,
): Promise<{ items: RunSummary[]; next_cursor: string | null }> {
  const before = filter.cursor === undefined ? null : decodeCursor(filter.cursor, RunCursorSchema);
  const rows = await listRunRows(ctx.dependencies.database, ctx.tenantId, {
    statuses: filter.status === undefined || filter.status.length === 0 ? null : filter.status,
    skillId: filter.skill ?? null,
    environment: filter.environment ?? null,
    text: filter.q === undefined || filter.q.trim() === "" ? null : filter.q.trim(),
    attributes: filter.attributes ?? {},
    createdAfter: filter.started_after === undefined ? null : new Date(filter.started_after),
    createdBefore: filter.started_before === undefined ? null : new Date(filter.started_before),
    before: before === null ? null : { createdAt: new Date(before[0]), runId: before[1] },
    limit: filter.limit + 1,
  });
  const items = rows.slice(0, filter.limit).map(toRunSummary);
  const last = items.at(-1);
  const isMore = rows.length > filter.limit && last !== undefined;
  return { items, next_cursor: isMore ? encodeCursor([last.created_at, last.run_id]) : null };
}
