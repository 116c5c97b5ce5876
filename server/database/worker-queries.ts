import { z } from "zod";
import type { Database } from "./client.ts";

const WorkerRowSchema = z.object({
  worker_id: z.string(),
  host: z.string(),
  pid: z.int(),
  version: z.string(),
  started_at: z.date(),
  heartbeat_at: z.date(),
  active_runs: z.int(),
  capacity: z.int(),
});

/** The workers of this installation, newest first, at most 1,000. */
export async function listWorkerRows({
  pool,
}: Pick<Database, "pool">): Promise<z.infer<typeof WorkerRowSchema>[]> {
  const columns = Object.keys(WorkerRowSchema.shape).join(", ");
  const { rows } = await pool.query(
    `SELECT ${columns} FROM workers ORDER BY started_at DESC, worker_id LIMIT 1000`,
  );
  return z.array(WorkerRowSchema).parse(rows);
}
