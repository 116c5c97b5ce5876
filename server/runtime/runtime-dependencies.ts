import type { MakeId } from "../../core/ids.ts";
import type { Database } from "../database/client.ts";
import type { RunEnvironment } from "../database/policy-repository.ts";
import type { Metrics } from "../observability/metrics.ts";
import type { RegistryCatalogs } from "../registry/registry-catalogs.ts";
import type { CrashPoint } from "./crash-points.ts";
import type { CapabilityTools } from "./invokers/invoke-capability.ts";
import type { PolicySnapshots } from "./policy-snapshots.ts";
import type { WorkerIdentity } from "./worker.ts";

export type RuntimeLogger = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

/** What a runtime is made of; wired in server/container.ts. */
export type RuntimeDependencies = {
  pool: Database["pool"];
  /** For LISTEN, which needs a connection of its own. */
  connectionString: string;
  catalogs: RegistryCatalogs;
  tools: CapabilityTools;
  /** The environment's network rules and policy, or null where the tenant has no such environment. */
  findEnvironment: (tenantId: string, name: string) => Promise<RunEnvironment | null>;
  policies: PolicySnapshots;
  /** Names of environment variables that bindings may refer to. */
  availableEnv: ReadonlySet<string>;
  /** Values of secrets that this process was started with. */
  secrets: readonly string[];
  now: () => number;
  random: () => number;
  makeId: MakeId;
  metrics: Metrics;
  logger: RuntimeLogger;
  worker: WorkerIdentity;
  /** Told of every run that this process ended, once that is durable. */
  runEnded?: (tenantId: string, runId: string) => void;
  /** Called at each named point; crash tests end the process there, production passes nothing. */
  reached?: (point: CrashPoint) => void;
};
