import { PrismaPg } from "@prisma/adapter-pg";
import { Pool } from "pg";
import {
  CONNECT_TIMEOUT_MS,
  KEEP_ALIVE_DELAY_MS,
  SILENCE_TIMEOUT_MS,
} from "./connection-timeouts.ts";
import { PrismaClient } from "./generated/client.ts";
import { createWatchedSocket } from "./watched-socket.ts";

/** One database as the program uses it: Prisma for the wide, calm tables, plain `pg` for the hot ones, one pool for both. */
export type Database = { pool: Pool; prisma: PrismaClient; close: () => Promise<void> };

/**
 * Opens a pool of at most `poolSize` connections; connects when first used. A lost connection is replaced silently; a
 * silent one counts as lost, and a statement that was under way on it may have been carried out or not.
 */
export function createDatabase(
  connectionString: string,
  options: { poolSize?: number; connectTimeoutMs?: number; silenceTimeoutMs?: number } = {},
): Database {
  const pool = new Pool({
    connectionString,
    max: options.poolSize ?? 10,
    application_name: "orca",
    connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
    // Not `query_timeout`: it leaves a connection that a caller holds open with the old statement still under way,
    // and back in the pool it would stop whoever is next. Not `statement_timeout`: poolers refuse it at the start.
    stream: () => createWatchedSocket(options.silenceTimeoutMs ?? SILENCE_TIMEOUT_MS),
  });
  // An idle connection that breaks (database restart) would otherwise end the process.
  pool.on("error", () => undefined);
  // So would one that a caller holds, between two statements: its next statement fails with the reason.
  pool.on("connect", (client) => void client.on("error", () => undefined));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  const close = async () => {
    await prisma.$disconnect();
    await pool.end();
  };
  return { pool, prisma, close };
}
