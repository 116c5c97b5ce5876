import { join } from "node:path";
import type { Logger } from "pino";
import type { ApiDependencies } from "./api/api-dependencies.ts";
import type { AuthenticationDependencies } from "./auth/authenticate.ts";
import type { Config } from "./config.ts";
import { createDatabase, type Database } from "./database/client.ts";
import { startEmbeddedPostgres } from "./database/embedded-postgres.ts";
import { deleteExpiredIdempotencyKeys } from "./database/idempotency-repository.ts";
import { migrate } from "./database/migrate.ts";
import { findRunEnvironment } from "./database/policy-repository.ts";
import { projectEffects, PROJECTION_INTERVAL_MS } from "./effects/effect-projection.ts";
import { makeId } from "./make-id.ts";
import { createLogger } from "./observability/logger.ts";
import { createMetrics, type Metrics } from "./observability/metrics.ts";
import { createRegistryCatalogs, type RegistryCatalogs } from "./registry/registry-catalogs.ts";
import { createRegistryReader } from "./registry/create-registry-reader.ts";
import type { BuiltinContext } from "./runtime/builtins/builtin.ts";
import { createInstanceSecrets } from "./packs/instance-secrets.ts";
import { RecentDiffs } from "./runs/recent-diffs.ts";
import { createCompensationPlanner } from "./runtime/compensation-planner.ts";
import { createPolicySnapshots } from "./runtime/policy-snapshots.ts";
import { createReplayPlanner } from "./runtime/replay-planner.ts";
import { BackgroundWork } from "./runtime/background-work.ts";
import { createCheckpointStates } from "./runtime/checkpoint-states.ts";
import { createNetworkGuard, resolveWithSystem } from "./runtime/invokers/network-guard.ts";
import { NoticeCourier } from "./notices/notice-courier.ts";
import { NoticeSender } from "./notices/notice-sender.ts";
import { createSeal, type Seal } from "./seal.ts";
import { breakerStatusOf, startRuntime } from "./start-runtime.ts";
import { seed, type SeedResult } from "./seed.ts";

/** What exists once per process. */
export type Container = {
  config: Config;
  logger: Logger;
  metrics: Metrics;
  database: Database;
  catalogs: RegistryCatalogs;
  api: ApiDependencies;
  authentication: AuthenticationDependencies;
  /** What the first start of the installation made; null at every later one. */
  seeded: SeedResult | null;
  /** Aborts when the database of this installation ended by itself: nothing works without it. */
  databaseLost: AbortSignal;
  /** Stops all of it in reverse order: runs are handed back, then the database is closed. May be called twice. */
  stop(): Promise<void>;
};

export type ContainerOptions = {
  /** The sandbox service that skills may try their effects on, up before any run goes on; null: none. */
  sandbox: BuiltinContext["sandbox"];
  env: NodeJS.ProcessEnv;
  /** Told what takes a while, for whoever waits at the terminal. */
  announce: (text: string) => void;
};

const HOUR_MS = 3_600_000;
const now = () => new Date();

/** Opens everything that a server or worker needs, the database first. What was opened is closed again when it fails. */
export async function createContainer(
  config: Config,
  { env, announce, sandbox }: ContainerOptions,
): Promise<Container> {
  const logger = createLogger(config.logLevel);
  const metrics = createMetrics();
  const closers = new AsyncDisposableStack();
  try {
    const { connectionString, databaseLost } = await openPostgres(config, closers, announce);
    const { applied } = await migrate(connectionString);
    if (applied.length > 0) logger.info({ applied }, "The database was migrated");
    const database = createDatabase(connectionString, { poolSize: 20 });
    closers.defer(() => database.close());
    const seeded = await seed({ database, makeId, now }, config);
    const catalogs = createRegistryCatalogs({ database, now: Date.now });
    const instanceSecrets = createInstanceSecrets(env);
    const secrets = instanceSecrets([]);
    const { runtime, breakers } = await startRuntime({
      secrets,
      sandbox,
      config,
      env,
      database,
      connectionString,
      catalogs,
      metrics,
      logger,
      closers,
    });
    const registry = createRegistryReader({
      database,
      now,
      makeId,
      catalogs,
      breakerOf: (tenantId, serviceId) => breakerStatusOf(breakers, tenantId, serviceId),
    });
    const checkpointStates = createCheckpointStates({ pool: database.pool, catalogs });
    const replayPlanner = createReplayPlanner({
      pool: database.pool,
      catalogs,
      findEnvironment: (tenantId, name) => findRunEnvironment(database.pool, tenantId, name),
      policies: createPolicySnapshots(database.pool),
      availableEnv: new Set(Object.keys(env)),
      now: () => now().getTime(),
    });
    const seal = createSeal(config.encryptionKey);
    const noticeSender = startNotices({ config, database, seal, logger, closers });
    const background = new BackgroundWork(logger);
    background.every(PROJECTION_INTERVAL_MS, () => projectEffects(database, secrets));
    closers.defer(() => background.stop());
    const sweep = setInterval(() => void sweepKeys(database, logger), HOUR_MS);
    closers.defer(() => clearInterval(sweep));
    return {
      config,
      logger,
      metrics,
      database,
      catalogs,
      api: {
        database,
        runtime,
        checkpointStates,
        replayPlanner,
        compensationPlanner: createCompensationPlanner({ pool: database.pool, catalogs }),
        recentDiffs: new RecentDiffs(),
        registry,
        instanceSecrets,
        seal,
        noticeSender,
        resolveHost: resolveWithSystem,
        metrics,
        logger,
        now,
        makeId,
      },
      authentication: {
        database,
        authSecret: config.authSecret,
        publicOrigin: originOf(config.publicUrl),
        now,
      },
      seeded,
      databaseLost,
      stop: () => closers.disposeAsync(),
    };
  } catch (thrown) {
    await closers.disposeAsync();
    throw thrown;
  }
}

/** Tells people outside what approvals ask, from every process; answers what sends to them. */
function startNotices(parts: {
  config: Config;
  database: Database;
  seal: Seal;
  logger: Logger;
  closers: AsyncDisposableStack;
}): NoticeSender {
  const { config, database, seal, logger, closers } = parts;
  const guard = createNetworkGuard();
  closers.defer(() => guard.close());
  const sender = new NoticeSender({ database, guard, seal, mail: config.mail, now: Date.now });
  const courier = new NoticeCourier({
    database,
    sender,
    retention: config.noticeRetention,
    publicUrl: config.publicUrl,
    logger,
    now: Date.now,
    random: Math.random,
  });
  courier.start();
  closers.defer(() => courier.stop());
  return sender;
}

async function openPostgres(
  config: Config,
  closers: AsyncDisposableStack,
  announce: (text: string) => void,
) {
  const lost = new AbortController();
  if (config.databaseUrl !== null)
    return { connectionString: config.databaseUrl, databaseLost: lost.signal };
  announce("Starting PostgreSQL …");
  const postgres = await startEmbeddedPostgres({ dataDir: join(config.dataDir, "postgres") });
  let isStopping = false;
  closers.defer(() => {
    isStopping = true;
    return postgres.stop();
  });
  void postgres.ended.then((reason) => {
    if (!isStopping) lost.abort(reason);
  });
  return { connectionString: postgres.connectionString, databaseLost: lost.signal };
}

async function sweepKeys(database: Database, logger: Logger): Promise<void> {
  try {
    await deleteExpiredIdempotencyKeys(database, now());
  } catch (error) {
    logger.warn(
      { err: error },
      "Expired idempotency keys could not be swept and wait for the next turn",
    );
  }
}

function originOf(url: string | null): string | null {
  return url === null ? null : new URL(url).origin;
}
