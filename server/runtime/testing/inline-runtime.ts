import { hostname } from "node:os";
import type { Database } from "../../database/client.ts";
import { uuidv7 } from "uuidv7";
import { DomainError } from "../../../core/errors.ts";
import { ID_PREFIXES, type MakeId } from "../../../core/ids.ts";
import type { JsonObject } from "../../../core/json.ts";
import type { PolicySource } from "../../../core/policy.ts";
import { createMetrics, type Metrics } from "../../observability/metrics.ts";
import type { RunStatus } from "../../../core/run.ts";
import type { RegistryCatalog } from "../../registry/registry-catalog.ts";
import type { BuiltinContext, BuiltinModule } from "../builtins/builtin.ts";
import type { CrashPoint } from "../crash-points.ts";
import { createRuntime } from "../create-runtime.ts";
import type { RuntimeLogger } from "../runtime-dependencies.ts";
import { createBreakers } from "../invokers/breakers.ts";
import { createBuiltinInvoker } from "../invokers/builtin.ts";
import type { Invoker } from "../invokers/invoker.ts";
import { createPolicySnapshots } from "../policy-snapshots.ts";
import type { Runtime, StartRunRequest } from "../runtime.ts";
import { INLINE_MODULE } from "./inline-catalog.ts";

export const INLINE_TENANT = "tnt_inline";

/** A runtime over a real database whose registry is a catalog in memory and whose capabilities are the given functions. */
export async function startInlineRuntime(options: {
  pool: Database["pool"];
  connectionString: string;
  catalog: RegistryCatalog;
  functions: BuiltinModule;
  /** What tenant and environment restrict; nothing by default. */
  policies?: readonly PolicySource[];
  now?: () => number;
  capacity?: number;
  logger?: RuntimeLogger;
  metrics?: Metrics;
  reached?: (point: CrashPoint) => void;
}): Promise<Runtime> {
  const { catalog } = options;
  return createRuntime({
    pool: options.pool,
    connectionString: options.connectionString,
    catalogs: { getCatalog: () => Promise.resolve(catalog), forget: () => {} },
    tools: {
      invokers: {
        builtin: createBuiltinInvoker({ [INLINE_MODULE]: options.functions }, bareContext),
        openapi: unavailable("openapi"),
        openrpc: unavailable("openrpc"),
        mcp: unavailable("mcp"),
      },
      breakers: createBreakers(() => Date.now()),
      now: () => performance.now(),
    },
    findEnvironment: (_tenant, name) =>
      Promise.resolve(
        name === "dev" ? { allowPrivateNetwork: true, policies: options.policies ?? [] } : null,
      ),
    policies: createPolicySnapshots(options.pool),
    availableEnv: new Set(),
    now: options.now ?? (() => Date.now()),
    random: () => 0.5,
    makeId,
    metrics: options.metrics ?? createMetrics(),
    logger: options.logger ?? SILENT,
    ...(options.reached === undefined ? {} : { reached: options.reached }),
    worker: {
      host: hostname(),
      pid: process.pid,
      version: "test",
      capacity: options.capacity ?? 1_000,
    },
  });
}

/** Starts a run of an inline skill in `dev` with nothing special about it. */
export function startInlineRun(
  runtime: Runtime,
  skillId: string,
  inputs: JsonObject = {},
  more: Partial<StartRunRequest> = {},
): Promise<{ runId: string; status: RunStatus }> {
  return runtime.startRun({
    tenantId: INLINE_TENANT,
    skillId,
    version: null,
    inputs,
    environment: "dev",
    attributes: {},
    options: {},
    startAt: null,
    actor: "test",
    ...more,
  });
}

const makeId: MakeId = (kind) => `${ID_PREFIXES[kind]}_${uuidv7().replaceAll("-", "")}`;

const SILENT: RuntimeLogger = { info() {}, warn() {}, error() {} };

function bareContext(
  invocation: Parameters<Parameters<typeof createBuiltinInvoker>[1]>[0],
  getSignal: () => AbortSignal,
): BuiltinContext {
  const none = () =>
    Promise.reject(new DomainError("unavailable", "Inline functions have no storage."));
  const { tenantId, environment, runId, stepPath, idempotencyKey } = invocation;
  const key = idempotencyKey === undefined ? null : { idempotencyKey };
  return {
    tenantId,
    environment,
    runId,
    stepPath,
    ...key,
    get signal() {
      return getSignal();
    },
    now: () => new Date(),
    randomId: () => uuidv7(),
    sandboxDir: "",
    fetch: none,
    records: { put: none, get: none, list: none, delete: none },
    sandbox: null,
    searchUrl: null,
  };
}

function unavailable(protocol: Invoker["protocol"]): Invoker {
  return {
    protocol,
    invoke: () =>
      Promise.reject(new DomainError("unavailable", `Inline runtimes do not speak ${protocol}.`)),
  };
}
