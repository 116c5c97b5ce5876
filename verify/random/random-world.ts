import { createDatabase, type Database } from "../../server/database/client.ts";
import { openServerPlace, type ServerPlace } from "../../server/testing/server-place.ts";
import { importAll, openProvider } from "../basic-world.ts";
import { createVerifierClient, type VerifierClient } from "../client.ts";
import { mannerByChance } from "./manner-by-chance.ts";
import type { UnreliableProvider } from "../faults/unreliable-provider.ts";
import { startVerifierPostgres } from "../postgres.ts";
import { providerDocuments } from "../skills.ts";

/** A server and two separate workers on one database, and the provider that their runs act on. */
export type RandomWorld = {
  places: Record<"server" | "worker_1" | "worker_2", ServerPlace>;
  api: VerifierClient;
  provider: UnreliableProvider;
  database: Pick<Database, "pool">;
};

/** Few runs at once in each process, so that there are some for all of them. */
const CONCURRENCY = "16";

export async function openRandomWorld(
  closers: AsyncDisposableStack,
  seed: number,
  documents: Record<string, string>,
): Promise<RandomWorld> {
  const provider = await openProvider(closers, (title, honoursKeys) =>
    mannerByChance(seed, title, honoursKeys),
  );
  const postgres = closers.use(await startVerifierPostgres());
  const connectionString = await postgres.createDatabase("random");
  const database = createDatabase(connectionString, { poolSize: 4 });
  closers.defer(() => database.close());
  const env = { DATABASE_URL: connectionString, ORCA_WORKER_CONCURRENCY: CONCURRENCY };
  const places = {
    server: await openServerPlace("main", env),
    worker_1: await openServerPlace("worker", env),
    worker_2: await openServerPlace("worker", env),
  };
  for (const place of Object.values(places)) closers.defer(() => place.dispose());
  await Promise.all(Object.values(places).map((place) => place.start()));
  const api = createVerifierClient(places.server);
  await importAll(api, { ...providerDocuments(provider), ...documents });
  return { places, api, provider, database };
}
