import { once } from "node:events";
import { createServer } from "node:http";
import nextAuthJwt from "next-auth/jwt";
import { pino } from "pino";
import type { Permission, Role } from "../../../core/permissions.ts";
import { PERMISSIONS } from "../../../core/permissions.ts";
import { generateApiKey } from "../../auth/api-key.ts";
import type { RateLimit } from "../../auth/rate-limiter.ts";
import { findRunEnvironment } from "../../database/policy-repository.ts";
import { createTestDatabase, type TestDatabase } from "../../database/test-database.ts";
import { makeId } from "../../make-id.ts";
import { NoticeSender } from "../../notices/notice-sender.ts";
import type { MailServer } from "../../notices/send-notice-mail.ts";
import { createSeal } from "../../seal.ts";
import { createMetrics } from "../../observability/metrics.ts";
import { createInstanceSecrets } from "../../packs/instance-secrets.ts";
import type { RegistryCatalog } from "../../registry/registry-catalog.ts";
import { RecentDiffs } from "../../runs/recent-diffs.ts";
import { createCompensationPlanner } from "../../runtime/compensation-planner.ts";
import { createPolicySnapshots } from "../../runtime/policy-snapshots.ts";
import { createReplayPlanner } from "../../runtime/replay-planner.ts";
import { createCheckpointStates } from "../../runtime/checkpoint-states.ts";
import { createNetworkGuard, type ResolveHost } from "../../runtime/invokers/network-guard.ts";
import { inlineCatalog } from "../../runtime/testing/inline-catalog.ts";
import { createRequestListener } from "../http/request-listener.ts";
import type { Readiness } from "../http/send-health.ts";
import type { RegistryReader } from "../registry-reader.ts";
import { createHistoryRuntime, type HistoryRuntime } from "./history-runtime.ts";

const AUTH_SECRET = "a secret for tests, long enough to be one";

export type CallInit = Omit<RequestInit, "headers"> & { headers?: Record<string, string> };

export type TestApi = {
  baseUrl: string;
  database: TestDatabase;
  runtime: HistoryRuntime;
  /** A key with every scope of the tenant `acme`. */
  key: string;
  readiness: Readiness;
  addTenant(tenantId: string): Promise<void>;
  addKey(tenantId: string, scopes: readonly Permission[]): Promise<string>;
  /** The Cookie header of a person who is signed in. */
  addSession(tenantId: string, role: Role): Promise<string>;
  /** A call with the admin key unless `headers` say otherwise. */
  call(path: string, init?: CallInit): Promise<Response>;
  stopStreams(): void;
  close: () => Promise<void>;
};

/** The product's own HTTP surface on a free port of this machine, over a real database; only the runtime is still. */
export async function startTestApi(options: {
  registry: RegistryReader;
  /** What the engine of the same test runs; nothing by default. */
  catalog?: RegistryCatalog;
  areMetricsOpen?: boolean;
  mail?: MailServer;
  /** Answers for names; nothing is found by default. */
  resolveHost?: ResolveHost;
  callLimit?: RateLimit;
}): Promise<TestApi> {
  const database = await createTestDatabase();
  const runtime = createHistoryRuntime(database);
  const stopping = new AbortController();
  const readiness: Readiness = { isReady: true, checks: { database: "ok" } };
  const now = () => new Date();
  const seal = createSeal("ab".repeat(32));
  const guard = createNetworkGuard();
  const catalog = options.catalog ?? inlineCatalog({ capabilities: [], skills: [] });
  const catalogs = { getCatalog: () => Promise.resolve(catalog), forget: () => {} };
  const fullDatabase = { ...database, close: database.drop };
  const server = createServer(
    createRequestListener({
      api: {
        database: fullDatabase,
        runtime,
        checkpointStates: createCheckpointStates({ pool: database.pool, catalogs }),
        compensationPlanner: createCompensationPlanner({ pool: database.pool, catalogs }),
        replayPlanner: createReplayPlanner({
          pool: database.pool,
          catalogs,
          findEnvironment: (tenantId, name) => findRunEnvironment(database.pool, tenantId, name),
          policies: createPolicySnapshots(database.pool),
          availableEnv: new Set(),
          now: () => Date.now(),
        }),
        recentDiffs: new RecentDiffs(),
        registry: options.registry,
        instanceSecrets: createInstanceSecrets({}),
        seal,
        resolveHost: options.resolveHost ?? (() => Promise.resolve([])),
        noticeSender: new NoticeSender({
          database: fullDatabase,
          guard,
          seal,
          mail: options.mail ?? null,
          now: Date.now,
        }),
        metrics: createMetrics(),
        logger: pino({ level: "silent" }),
        now,
        makeId,
      },
      authentication: { database: fullDatabase, authSecret: AUTH_SECRET, publicOrigin: null, now },
      pages: null,
      isDevelopment: false,
      areMetricsOpen: options.areMetricsOpen ?? false,
      version: "0.0.0",
      ...(options.callLimit === undefined ? {} : { callLimit: options.callLimit }),
      readiness: () => Promise.resolve(readiness),
      stopping: stopping.signal,
    }),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const baseUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;

  const addTenant = async (tenantId: string) => {
    await database.prisma.tenant.create({ data: { id: tenantId, name: `The ${tenantId}` } });
    await database.prisma.environment.create({
      data: { tenantId, name: "dev", settings: { allow_private_network: true } },
    });
  };
  const addKey = async (tenantId: string, scopes: readonly Permission[]) => {
    const { key, prefix, hash } = generateApiKey();
    const id = makeId("apiKey");
    await database.prisma.apiKey.create({
      data: { id, tenantId, name: "test", prefix, hash, scopes: [...scopes], createdBy: "test" },
    });
    return key;
  };
  const addSession = async (tenantId: string, role: Role) => {
    const id = makeId("user");
    await database.prisma.user.create({ data: { id, email: `${id}@example.com`, name: "Ada" } });
    await database.prisma.membership.create({ data: { tenantId, userId: id, role } });
    return `next-auth.session-token=${await nextAuthJwt.encode({ token: { sub: id }, secret: AUTH_SECRET })}`;
  };
  await addTenant("acme");
  const key = await addKey("acme", PERMISSIONS);
  return {
    baseUrl,
    database,
    runtime,
    key,
    readiness,
    addTenant,
    addKey,
    addSession,
    call: (path, init = {}) =>
      fetch(`${baseUrl}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${key}`, ...init.headers },
      }),
    stopStreams: () => stopping.abort(),
    async close() {
      stopping.abort();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      await guard.close();
      await database.drop();
    },
  };
}
