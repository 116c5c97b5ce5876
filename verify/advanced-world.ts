import { createDatabase, type Database } from "../server/database/client.ts";
import { openServerPlace, type ServerPlace } from "../server/testing/server-place.ts";
import { importAll, openProvider } from "./basic-world.ts";
import { createVerifierClient, type VerifierClient } from "./client.ts";
import { startDatabaseProxy, type DatabaseProxy } from "./faults/database-proxy.ts";
import type { UnreliableProvider } from "./faults/unreliable-provider.ts";
import { startVerifierPostgres, type VerifierPostgres } from "./postgres.ts";
import { ADVANCED_SKILLS } from "./scenarios/advanced-skills.ts";
import { providerDocuments } from "./skills.ts";

/** A server whose way to its database can be watched, and the database as an administrator sees it. */
export type ProxiedServer = {
  place: ServerPlace;
  api: VerifierClient;
  proxy: DatabaseProxy;
  database: Pick<Database, "pool">;
  /** Of the database, past the proxy. */
  connectionString: string;
};

/**
 * One PostgreSQL with a database for each lane of scenarios, and one provider for all of them. The second server is
 * there for what needs several processes and a long wait; it starts when it is first asked for.
 */
export type AdvancedWorld = {
  postgres: VerifierPostgres;
  provider: UnreliableProvider;
  main: ProxiedServer;
  side: () => Promise<ProxiedServer>;
};

export async function openAdvancedWorld(closers: AsyncDisposableStack): Promise<AdvancedWorld> {
  const provider = await openProvider(closers);
  const postgres = closers.use(await startVerifierPostgres());

  async function openServer(name: string): Promise<ProxiedServer> {
    const connectionString = await postgres.createDatabase(name);
    const proxy = closers.use(await startDatabaseProxy(connectionString));
    const database = createDatabase(connectionString, { poolSize: 2 });
    closers.defer(() => database.close());
    const place = await openServerPlace("main", { DATABASE_URL: proxy.connectionString });
    closers.defer(() => place.dispose());
    await place.start();
    const api = createVerifierClient(place);
    await importAll(api, { ...providerDocuments(provider), ...ADVANCED_SKILLS });
    return { place, api, proxy, database, connectionString };
  }

  let side: Promise<ProxiedServer> | undefined;
  return {
    postgres,
    provider,
    main: await openServer("main"),
    side: () => (side ??= openServer("side")),
  };
}
