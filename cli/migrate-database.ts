import { join } from "node:path";

/** Migrates the database that the environment names, the embedded one too, which is started for it and stopped again. */
export async function migrateDatabase(env: NodeJS.ProcessEnv): Promise<{ applied: string[] }> {
  const { loadConfig } = await import("../server/config.ts");
  const { migrate } = await import("../server/database/migrate.ts");
  const { databaseUrl, dataDir } = loadConfig(env);
  if (databaseUrl !== null) return migrate(databaseUrl);
  const { startEmbeddedPostgres } = await import("../server/database/embedded-postgres.ts");
  const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, "postgres") });
  try {
    return await migrate(postgres.connectionString);
  } finally {
    await postgres.stop();
  }
}
