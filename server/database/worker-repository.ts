import type { Pool } from "pg";
import { z } from "zod";

export type WorkerRegistration = {
  workerId: string;
  host: string;
  pid: number;
  version: string;
  capacity: number;
};

/** Registers a worker, or renews its registration after it had been counted as dead. */
export async function registerWorker(pool: Pool, worker: WorkerRegistration): Promise<void> {
  await pool.query(
    `INSERT INTO workers (worker_id, host, pid, version, capacity) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (worker_id) DO UPDATE SET heartbeat_at = now()`,
    [worker.workerId, worker.host, worker.pid, worker.version, worker.capacity],
  );
}

/** A heartbeat that is not answered within this goes out again: a worker counts as dead after a few of them. */
const HEARTBEAT_ANSWER_MS = 3_000;

/**
 * Says that the worker lives. False where it was counted as dead meanwhile: it owns nothing any more. Throws after
 * three seconds without an answer, so that the next one takes another connection.
 */
export async function recordHeartbeat(
  pool: Pool,
  workerId: string,
  activeRuns: number,
): Promise<boolean> {
  const query = {
    text: "UPDATE workers SET heartbeat_at = now(), active_runs = $2 WHERE worker_id = $1",
    values: [workerId, activeRuns],
    query_timeout: HEARTBEAT_ANSWER_MS,
  };
  const { rowCount } = await pool.query(query);
  return rowCount === 1;
}

/** Takes a stopped worker off the list. */
export async function removeWorker(pool: Pool, workerId: string): Promise<void> {
  await pool.query("DELETE FROM workers WHERE worker_id = $1", [workerId]);
}

const NeighbourRowSchema = z
  .object({ worker_id: z.string(), pid: z.int(), age_ms: z.number() })
  .transform((row) => ({ workerId: row.worker_id, pid: row.pid, ageMs: row.age_ms }));

/** The workers that say they run on this host, and for how long they have been registered. */
export async function listWorkersOnHost(pool: Pool, host: string) {
  const { rows } = await pool.query(
    `SELECT worker_id, pid, extract(epoch FROM now() - started_at)::float8 * 1000 AS age_ms
     FROM workers WHERE host = $1`,
    [host],
  );
  return z.array(NeighbourRowSchema).parse(rows);
}
