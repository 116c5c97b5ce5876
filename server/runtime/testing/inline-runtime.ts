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
import type { Invocation, Invoker } from "../invokers/invoker.ts";
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
  /** What the instance was started with; nothing by default. */
  secrets?: readonly string[];
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
        builtin: createBuiltinInvoker(
          { [INLINE_MODULE]: options.functions },
          (invocation, getSignal) => new BareContext(invocation, getSignal),
        ),
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
    secrets: options.secrets ?? [],
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

const noStorage = () =>
  Promise.reject(new DomainError("unavailable", "Inline functions have no storage."));
const NO_RECORDS = { put: noStorage, get: noStorage, list: noStorage, delete: noStorage };

/** What an inline function may use: next to nothing. A class, since an object with a getter costs more than most calls. */
class BareContext implements BuiltinContext {
  readonly tenantId: string;
  readonly environment: string;
  readonly runId: string;
  readonly stepPath: string;
  readonly idempotencyKey?: string;
  readonly #getSignal: () => AbortSignal;

  constructor(invocation: Invocation, getSignal: () => AbortSignal) {
    this.tenantId = invocation.tenantId;
    this.environment = invocation.environment;
    this.runId = invocation.runId;
    this.stepPath = invocation.stepPath;
    if (invocation.idempotencyKey !== undefined) this.idempotencyKey = invocation.idempotencyKey;
    this.#getSignal = getSignal;
  }

  get signal(): AbortSignal {
    return this.#getSignal();
  }

  readonly sandboxDir = "";
  readonly sandbox = null;
  readonly searchUrl = null;
  readonly fetch = noStorage;
  readonly records = NO_RECORDS;

  now(): Date {
    return new Date();
  }

  randomId(): string {
    return uuidv7();
  }
}

function unavailable(protocol: Invoker["protocol"]): Invoker {
  return {
    protocol,
    invoke: () =>
      Promise.reject(new DomainError("unavailable", `Inline runtimes do not speak ${protocol}.`)),
  };
}
