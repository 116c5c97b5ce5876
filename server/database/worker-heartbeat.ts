import { z } from "zod";
import type { Database } from "./client.ts";

/** When the worker last said that it lives, or null where the database does not know it. Throws when the database is away. */
export async function findHeartbeat(
  { pool }: Pick<Database, "pool">,
  workerId: string,
): Promise<Date | null> {
  const { rows } = await pool.query("SELECT heartbeat_at FROM workers WHERE worker_id = $1", [
    workerId,
  ]);
  return z.array(z.object({ heartbeat_at: z.date() })).parse(rows)[0]?.heartbeat_at ?? null;
}
