import type { z } from "zod";
import type { CallContext } from "../api/call-context.ts";
import type { WorkerItemSchema } from "../api/operation-schemas.ts";
import { listWorkerRows } from "../database/worker-queries.ts";
import { WORKER_DEAD_AFTER_MS } from "../runtime/durations.ts";

/** The processes that execute runs, newest first. */
export async function listWorkers(
  ctx: CallContext,
): Promise<{ items: z.output<typeof WorkerItemSchema>[] }> {
  const { database, now } = ctx.dependencies;
  const at = now().getTime();
  const rows = await listWorkerRows(database);
  return {
    items: rows.map((row) => ({
      worker_id: row.worker_id,
      host: row.host,
      pid: row.pid,
      version: row.version,
      active_runs: row.active_runs,
      capacity: row.capacity,
      started_at: row.started_at.toISOString(),
      heartbeat_at: row.heartbeat_at.toISOString(),
      is_alive: at - row.heartbeat_at.getTime() < WORKER_DEAD_AFTER_MS,
    })),
  };
}
