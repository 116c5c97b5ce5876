import { z } from "zod";
import { type ErrorRecord, isErrorCode } from "../../core/errors.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import type { RunSummary } from "../../core/run-view.ts";
import { RUN_STATUSES } from "../../core/run.ts";

const ObjectColumn = z.custom<JsonObject>(isJsonObject);
const ErrorColumn = z.custom<ErrorRecord>(
  (value) =>
    isJsonObject(value) &&
    typeof value.code === "string" &&
    isErrorCode(value.code) &&
    typeof value.message === "string",
);

/** A row of `runs` as a list needs it. */
export const RunRowSchema = z.object({
  run_id: z.string(),
  skill_id: z.string(),
  skill_version: z.string(),
  environment: z.string(),
  status: z.enum(RUN_STATUSES),
  head_sequence: z.int(),
  trace_id: z.string(),
  parent_run_id: z.string().nullable(),
  source_run_id: z.string().nullable(),
  lineage_root_run_id: z.string(),
  attributes: ObjectColumn,
  error: ErrorColumn.nullable(),
  wake_at: z.date().nullable(),
  created_at: z.date(),
  started_at: z.date().nullable(),
  finished_at: z.date().nullable(),
});
export type RunRow = z.infer<typeof RunRowSchema>;

/** The same with what went in and came out. */
export const RunDetailRowSchema = RunRowSchema.extend({
  skill_hash: z.string(),
  inputs: ObjectColumn,
  outputs: ObjectColumn.nullable(),
});

export const RUN_COLUMNS = Object.keys(RunRowSchema.shape).join(", ");
export const RUN_DETAIL_COLUMNS = Object.keys(RunDetailRowSchema.shape).join(", ");

/** A row as it leaves the process. */
export function toRunSummary(row: RunRow): RunSummary {
  return {
    run_id: row.run_id,
    skill_id: row.skill_id,
    skill_version: row.skill_version,
    environment: row.environment,
    status: row.status,
    attributes: row.attributes,
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    finished_at: row.finished_at?.toISOString() ?? null,
    wake_at: row.wake_at?.toISOString() ?? null,
    head_sequence: row.head_sequence,
    trace_id: row.trace_id,
    parent_run_id: row.parent_run_id,
    source_run_id: row.source_run_id,
    lineage_root_run_id: row.lineage_root_run_id,
    error: row.error,
  };
}
