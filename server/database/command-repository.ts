import type { Pool } from "pg";
import { z } from "zod";
import type { ErrorRecord } from "../../core/errors.ts";
import { ERROR_CODES, type ErrorCode } from "../../core/errors.ts";
import { JsonObjectSchema } from "../../core/field.ts";
import type { JsonObject } from "../../core/json.ts";
import { RUN_STATUSES } from "../../core/run.ts";

export type NewCommand = {
  tenantId: string;
  runId: string;
  commandId: string;
  kind: "pause" | "resume" | "cancel" | "signal" | "share_lineage" | "claim" | "decide" | "resolve";
  payload: JsonObject;
  actor: string;
};

const TargetSchema = z.object({
  status: z.enum(RUN_STATUSES),
  owner_worker_id: z.string().nullable(),
});

/** The channel on which a command's arrival is announced; its payload is `<tenant> <run>`. */
export const COMMAND_CHANNEL = "orca_command";

/**
 * Stores a command and marks its run as due, in one statement; answers the run's status and owner, or null where the
 * tenant has no such run. The same command id twice is stored once. The mark on `wake_at` is set even while the run
 * is owned, so that an owner that parks it at this moment cannot lose the command.
 */
export async function insertCommand(pool: Pool, command: NewCommand) {
  const { rows } = await pool.query(
    `WITH target AS (
       UPDATE runs SET wake_at = CASE
         WHEN $4 <> 'resolve' AND (status = 'completed' OR (status IN ('failed', 'canceled') AND $4 <> 'resume')) THEN wake_at ELSE now() END
       WHERE tenant_id = $1 AND run_id = $2 RETURNING status, owner_worker_id
     ), stored AS (
       INSERT INTO run_commands (tenant_id, run_id, command_id, kind, payload, actor)
       SELECT $1, $2, $3, $4, $5::json, $6 FROM target ON CONFLICT DO NOTHING
     ), announced AS (
       SELECT pg_notify('${COMMAND_CHANNEL}', $1 || ' ' || $2) FROM target
     )
     SELECT target.status, target.owner_worker_id FROM target LEFT JOIN announced ON true`,
    [
      command.tenantId,
      command.runId,
      command.commandId,
      command.kind,
      JSON.stringify(command.payload),
      command.actor,
    ],
  );
  return rows[0] === undefined ? null : TargetSchema.parse(rows[0]);
}

/** Marks a command as refused, for its sender to read. */
export async function refuseCommand(
  pool: Pool,
  command: { tenantId: string; runId: string; commandId: string },
  error: ErrorRecord,
) {
  await pool.query(
    `UPDATE run_commands SET applied_at = now(), error = $4::json
     WHERE tenant_id = $1 AND run_id = $2 AND command_id = $3 AND applied_at IS NULL`,
    [command.tenantId, command.runId, command.commandId, JSON.stringify(error)],
  );
}

const OutcomeSchema = z.object({
  is_applied: z.boolean(),
  status: z.enum(RUN_STATUSES),
  error: z
    .object({
      code: z.string().refine((code): code is ErrorCode => Object.hasOwn(ERROR_CODES, code)),
      message: z.string(),
      hint: z.string().optional(),
      details: JsonObjectSchema.optional(),
    })
    .nullable(),
});

/** What has become of a command so far, and its run's status. */
export async function readCommandOutcome(
  pool: Pool,
  tenantId: string,
  runId: string,
  commandId: string,
) {
  const { rows } = await pool.query(
    `SELECT c.applied_at IS NOT NULL AS is_applied, c.error, r.status
     FROM run_commands c JOIN runs r ON r.tenant_id = c.tenant_id AND r.run_id = c.run_id
     WHERE c.tenant_id = $1 AND c.run_id = $2 AND c.command_id = $3`,
    [tenantId, runId, commandId],
  );
  return rows[0] === undefined ? null : OutcomeSchema.parse(rows[0]);
}
