import { join } from "node:path";
import { z } from "zod";
import { RUN_STATUSES } from "../core/run.ts";
import { openServerPlace, type ServerPlace } from "../server/testing/server-place.ts";
import type { ProxiedServer } from "./advanced-world.ts";
import { startDatabaseProxy, type DatabaseProxy } from "./faults/database-proxy.ts";

const SKEWED_CLOCK = join(import.meta.dirname, "faults", "skewed-clock.ts");

/** A separate worker (`orca worker`) on a server's database, by a way of its own. */
export type ProxiedWorker = AsyncDisposable & { place: ServerPlace; proxy: DatabaseProxy };

/** Starts a worker beside a server; its clock is off by so much. */
export async function startWorkerBeside(
  { connectionString }: Pick<ProxiedServer, "connectionString">,
  clockOffsetMs = 0,
): Promise<ProxiedWorker> {
  const proxy = await startDatabaseProxy(connectionString);
  const place = await openServerPlace(
    "worker",
    {
      DATABASE_URL: proxy.connectionString,
      VERIFY_CLOCK_OFFSET_MS: String(clockOffsetMs),
    },
    clockOffsetMs === 0 ? [] : ["--import", SKEWED_CLOCK],
  );
  await place.start();
  return {
    place,
    proxy,
    async [Symbol.asyncDispose]() {
      await place.dispose();
      await proxy[Symbol.asyncDispose]();
    },
  };
}

const HeadsSchema = z.array(
  z.object({
    run_id: z.string(),
    status: z.enum(RUN_STATUSES),
    head_sequence: z.int(),
    lease_epoch: z.int(),
    owner_worker_id: z.string().nullable(),
  }),
);

/** The heads of the runs of these labels, past every server: there may be none that answers. */
export async function readHeads(
  { database }: Pick<ProxiedServer, "database">,
  labels: readonly string[],
) {
  const { rows } = await database.pool.query(
    `SELECT run_id, status, head_sequence, lease_epoch, owner_worker_id FROM runs
     WHERE inputs->>'run' = ANY ($1) ORDER BY inputs->>'run'`,
    [labels],
  );
  return HeadsSchema.parse(rows);
}
