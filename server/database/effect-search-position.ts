import type { PoolClient } from "pg";
import { z } from "zod";
import type { Database } from "./client.ts";

/** Any number that no other advisory lock of the product uses. */
const PROJECTION_LOCK = 7_270_002;

/** The connection that holds the projection's lock. */
export type ProjectionClient = PoolClient;

const PositionSchema = z.object({
  position: z.coerce.bigint(),
  oldest: z.coerce.bigint(),
  next: z.coerce.bigint(),
  now: z.date(),
  caught_up_at: z.date(),
});

/** Where the projection is (`position`), and what the database shows it now. */
export type ProjectionView = z.output<typeof PositionSchema>;

/** Does it on a connection of its own unless another process is at it: false then. */
export async function withProjectionLock(
  pool: Database["pool"],
  action: (client: PoolClient) => Promise<void>,
): Promise<boolean> {
  const client = await pool.connect();
  let isBroken = true;
  try {
    const { rows } = await client.query("SELECT pg_try_advisory_lock($1) AS is_ours", [
      PROJECTION_LOCK,
    ]);
    const isOurs = z.object({ is_ours: z.boolean() }).parse(rows[0]).is_ours;
    if (isOurs) {
      await action(client);
      await client.query("SELECT pg_advisory_unlock($1)", [PROJECTION_LOCK]);
    }
    isBroken = false;
    return isOurs;
  } finally {
    // The lock ends with the connection, whatever went wrong.
    client.release(isBroken);
  }
}

/** The position and, of one snapshot, the oldest transaction that is under way and the next one that will begin. */
export async function readPosition(client: PoolClient): Promise<ProjectionView> {
  const { rows } = await client.query(
    `SELECT p.xid AS position, pg_snapshot_xmin(s.now)::text AS oldest, pg_snapshot_xmax(s.now)::text AS next,
            statement_timestamp() AS now, p.caught_up_at
     FROM effect_search_position p, (SELECT pg_current_snapshot() AS now) s`,
  );
  return PositionSchema.parse(rows[0]);
}

/** Everything that a transaction below `xid` wrote is in the search table, as of `caughtUpAt`. */
export async function movePosition(
  client: PoolClient,
  xid: bigint,
  caughtUpAt: Date,
): Promise<void> {
  await client.query("UPDATE effect_search_position SET xid = $1, caught_up_at = $2", [
    xid.toString(),
    caughtUpAt,
  ]);
}

/** Up to when the search table has everything. */
export async function readCaughtUpAt({ pool }: Pick<Database, "pool">): Promise<Date> {
  const { rows } = await pool.query("SELECT caught_up_at FROM effect_search_position");
  return z.object({ caught_up_at: z.date() }).parse(rows[0]).caught_up_at;
}

/** Has the whole search table built again by the next turn of the projection, wherever it runs. */
export async function requestRebuild(pool: Pick<Database["pool"], "query">): Promise<void> {
  await pool.query("UPDATE effect_search_position SET xid = 0");
}
