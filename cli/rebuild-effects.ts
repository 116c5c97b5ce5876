import { usageError } from "./cli-error.ts";

/** Has the search over effects built again, in the database that DATABASE_URL names. */
export async function rebuildEffects(env: NodeJS.ProcessEnv): Promise<void> {
  const { loadConfig } = await import("../server/config.ts");
  const { requestRebuild } = await import("../server/database/effect-search-position.ts");
  const { createDatabase } = await import("../server/database/client.ts");
  const { databaseUrl } = loadConfig(env);
  if (databaseUrl === null)
    throw usageError("DATABASE_URL is not set.", {
      hint: "docs/operations/database.md tells the address of the embedded PostgreSQL while the server runs.",
    });
  const database = createDatabase(databaseUrl, { poolSize: 1 });
  try {
    await requestRebuild(database.pool);
  } finally {
    await database.close();
  }
}
