import type { Logger } from "pino";
import { createBuiltinContexts } from "./builtin-contexts.ts";
import type { Config } from "./config.ts";
import type { Database } from "./database/client.ts";
import { findRunEnvironment } from "./database/policy-repository.ts";
import { hostIdentity } from "./host-identity.ts";
import { makeId } from "./make-id.ts";
import type { Metrics } from "./observability/metrics.ts";
import { createRunTracer } from "./observability/trace-runs.ts";
import { startTracing } from "./observability/tracing.ts";
import type { RegistryCatalogs } from "./registry/registry-catalogs.ts";
import type { BuiltinContext } from "./runtime/builtins/builtin.ts";
import { IN_PROCESS_MCP_SERVERS } from "./runtime/builtins/mcp-servers.ts";
import { BUILTIN_MODULES } from "./runtime/builtins/modules.ts";
import { createRuntime } from "./runtime/create-runtime.ts";
import { bindableEnv } from "./runtime/invokers/bindable-env.ts";
import { createBreakers, type Breakers } from "./runtime/invokers/breakers.ts";
import { createInvokers } from "./runtime/invokers/create-invokers.ts";
import { createNetworkGuard } from "./runtime/invokers/network-guard.ts";
import { createPolicySnapshots } from "./runtime/policy-snapshots.ts";
import type { Runtime } from "./runtime/runtime.ts";
import { VERSION } from "./version.ts";

const now = () => new Date();

/** What the engine is made of. What it opens is closed through `closers`. */
export type RuntimeParts = {
  sandbox: BuiltinContext["sandbox"];
  config: Config;
  env: NodeJS.ProcessEnv;
  secrets: readonly string[];
  database: Database;
  connectionString: string;
  catalogs: RegistryCatalogs;
  metrics: Metrics;
  logger: Logger;
  closers: AsyncDisposableStack;
};

/** Wires the engine to this process's network, database and registry, and lets it go on with unfinished runs. */
export async function startRuntime(
  parts: RuntimeParts,
): Promise<{ runtime: Runtime; breakers: Breakers }> {
  const { config, database, metrics, logger, closers, sandbox } = parts;
  // The one variable of our own that service files may name: it only says where the stand-in listens.
  const own = sandbox === null ? {} : { ORCA_SANDBOX_URL: sandbox.baseUrl };
  const env = { ...bindableEnv(parts.env), ...own };
  const guard = createNetworkGuard();
  const invoking = createInvokers({
    guard,
    env,
    modules: BUILTIN_MODULES,
    servers: IN_PROCESS_MCP_SERVERS,
    createContext: createBuiltinContexts({
      database,
      guard,
      dataDir: config.dataDir,
      now,
      searchUrl: config.searchUrl,
      sandbox,
    }),
    allowStdio: config.isStdioMcpAllowed,
  });
  closers.defer(() => invoking.close());
  const runEnded = await traceRuns(parts);
  const breakers = createBreakers(Date.now, ({ serviceId, to }) =>
    metrics.breakerState.set({ service: serviceId }, BREAKER_LEVEL[to]),
  );
  const runtime = await createRuntime({
    pool: database.pool,
    connectionString: parts.connectionString,
    catalogs: parts.catalogs,
    tools: { invokers: invoking.invokers, breakers, now: () => performance.now() },
    findEnvironment: (tenantId, name) => findRunEnvironment(database.pool, tenantId, name),
    policies: createPolicySnapshots(database.pool),
    availableEnv: new Set(Object.keys(env)),
    secrets: parts.secrets,
    now: Date.now,
    random: Math.random,
    makeId,
    metrics,
    logger,
    ...(runEnded === null ? {} : { runEnded }),
    worker: {
      host: hostIdentity(),
      pid: process.pid,
      version: VERSION,
      capacity: config.workerConcurrency,
    },
  });
  closers.defer(() => runtime.stop());
  return { runtime, breakers };
}

/** What the engine tells of ended runs where traces are wanted; null where they are not. */
async function traceRuns({ config, database, logger, closers }: RuntimeParts) {
  if (config.otlpEndpoint === null) return null;
  const tracing = await startTracing({ endpoint: config.otlpEndpoint, version: VERSION });
  const tracer = createRunTracer({ database, tracing, logger });
  closers.defer(async () => {
    await tracer.settled();
    await tracing.stop();
  });
  return tracer.runEnded;
}

const BREAKER_LEVEL = { closed: 0, half_open: 1, open: 2 } as const;

/** What a screen says of a service: whether calls of it go out at the moment. */
export function breakerStatusOf(breakers: Breakers, tenantId: string, serviceId: string) {
  const entry = breakers
    .list()
    .find((each) => each.tenantId === tenantId && each.serviceId === serviceId);
  return entry?.state.status ?? "closed";
}
