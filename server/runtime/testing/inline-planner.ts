import type { PolicySource } from "../../../core/policy.ts";
import type { Database } from "../../database/client.ts";
import type { RegistryCatalog } from "../../registry/registry-catalog.ts";
import { createPolicySnapshots } from "../policy-snapshots.ts";
import { createReplayPlanner, type ReplayPlanner } from "../replay-planner.ts";
import type { ReplayWish } from "../replay-wish.ts";
import { INLINE_TENANT } from "./inline-runtime.ts";

/** The planner of replays of runs of an inline runtime, over the catalog that it has at the moment. */
export function inlinePlanner(
  pool: Database["pool"],
  catalog: () => RegistryCatalog,
  policies: () => readonly PolicySource[] = () => [],
): ReplayPlanner {
  return createReplayPlanner({
    pool,
    catalogs: { getCatalog: () => Promise.resolve(catalog()), forget: () => {} },
    findEnvironment: (_tenant, name) =>
      Promise.resolve(name === "dev" ? { allowPrivateNetwork: true, policies: policies() } : null),
    policies: createPolicySnapshots(pool),
    availableEnv: new Set(),
    now: () => Date.now(),
  });
}

/** A wish to replay a run from where it failed, or the beginning, as an administrator and without any change. */
export function replayWish(runId: string, change: Partial<ReplayWish> = {}): ReplayWish {
  return {
    tenantId: INLINE_TENANT,
    runId,
    operation: "replay",
    checkpointSequence: null,
    stepId: null,
    inputs: {},
    vars: {},
    bindings: {},
    version: null,
    environment: null,
    stepMap: {},
    overrides: {},
    roles: ["admin"],
    trust: "standard",
    ...change,
  };
}
