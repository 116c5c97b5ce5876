import { z } from "zod";
import type { RunStatus } from "../../core/run.ts";
import type { Database } from "./client.ts";
import { RUN_COLUMNS, type RunRow, RunRowSchema } from "./run-row.ts";

export type RunRowsFilter = {
  statuses: readonly RunStatus[] | null;
  skillId: string | null;
  environment: string | null;
  text: string | null;
  attributes: Readonly<Record<string, string>>;
  createdAfter: Date | null;
  createdBefore: Date | null;
  /** The last run of the page before. */
  before: { createdAt: Date; runId: string } | null;
  limit: number;
};

/**
 * A tenant's runs, newest first. Indexes: runs_newest; runs_by_skill, runs_unfinished or runs_failed under their
 * filters. Attributes and free text are looked at row by row on the way.
 */
export async function listRunRows(
  { pool }: Pick<Database, "pool">,
  tenantId: string,
  filter: RunRowsFilter,
): Promise<RunRow[]> {
  const values: unknown[] = [tenantId];
  const put = (value: unknown) => `$${values.push(value)}`;
  const conditions = ["tenant_id = $1", ...conditionsOf(filter, put)];
  const { rows } = await pool.query(
    `SELECT ${RUN_COLUMNS} FROM runs WHERE ${conditions.join(" AND ")} ORDER BY created_at DESC, run_id DESC LIMIT ${put(filter.limit)}`,
    values,
  );
  return z.array(RunRowSchema).parse(rows);
}

function conditionsOf(filter: RunRowsFilter, put: (value: unknown) => string): string[] {
  const conditions: string[] = [];
  if (filter.statuses !== null) conditions.push(statusCondition(filter.statuses, put));
  if (filter.skillId !== null) conditions.push(`skill_id = ${put(filter.skillId)}`);
  if (filter.environment !== null) conditions.push(`environment = ${put(filter.environment)}`);
  if (filter.createdAfter !== null) conditions.push(`created_at > ${put(filter.createdAfter)}`);
  if (filter.createdBefore !== null) conditions.push(`created_at < ${put(filter.createdBefore)}`);
  if (filter.before !== null) {
    conditions.push(
      `(created_at, run_id) < (${put(filter.before.createdAt)}, ${put(filter.before.runId)})`,
    );
  }
  for (const [key, value] of Object.entries(filter.attributes)) {
    conditions.push(`attributes ->> ${put(key)} = ${put(value)}`);
  }
  if (filter.text !== null) conditions.push(textCondition(filter.text, put));
  return conditions;
}

const FINISHED: readonly string[] = ["completed", "failed", "canceled"];

// The planner takes a partial index only where the query repeats the index's own condition.
function statusCondition(statuses: readonly RunStatus[], put: (value: unknown) => string): string {
  const [only] = statuses;
  if (statuses.length === 1 && only === "failed") return "status = 'failed'";
  const list = `status = ANY(${put([...statuses])})`;
  const unfinished = statuses.every((status) => !FINISHED.includes(status));
  return unfinished ? `status NOT IN ('completed', 'failed', 'canceled') AND ${list}` : list;
}

function textCondition(text: string, put: (value: unknown) => string): string {
  if (/^run_[0-9a-z]*$/.test(text)) {
    // The range uses the primary key under any collation; starts_with makes it exact.
    return `(run_id >= ${put(text)} AND run_id <= ${put(`${text}zzzz`)} AND starts_with(run_id, ${put(text)}))`;
  }
  const pattern = put(`%${text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`);
  return `(skill_id ILIKE ${pattern} OR attributes::text ILIKE ${pattern} OR starts_with(run_id, ${put(text.toLowerCase())}))`;
}
