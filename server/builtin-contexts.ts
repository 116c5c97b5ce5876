import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { uuidv7 } from "uuidv7";
import type { Database } from "./database/client.ts";
import { createRecordStore } from "./database/record-store.ts";
import type { BuiltinContext } from "./runtime/builtins/builtin.ts";
import { createBuiltinFetch } from "./runtime/invokers/builtin-fetch.ts";
import type { CreateBuiltinContext } from "./runtime/invokers/builtin.ts";
import type { NetworkGuard } from "./runtime/invokers/network-guard.ts";

export type BuiltinWorld = {
  database: Pick<Database, "pool">;
  guard: NetworkGuard;
  dataDir: string;
  now: () => Date;
  searchUrl: string | null;
  sandbox: BuiltinContext["sandbox"];
};

/** What native functions may use of this process: the records, folder and network of their tenant and environment. */
export function createBuiltinContexts(world: BuiltinWorld): CreateBuiltinContext {
  const places = new Map<string, Pick<BuiltinContext, "records" | "sandboxDir">>();

  function placeOf(tenantId: string, environment: string) {
    const key = `${encodeURIComponent(tenantId)}/${encodeURIComponent(environment)}`;
    const known = places.get(key);
    if (known !== undefined) return known;
    const sandboxDir = join(world.dataDir, "files", key);
    mkdirSync(sandboxDir, { recursive: true, mode: 0o700 });
    const records = createRecordStore(world.database, { tenantId, environment }, world.now);
    places.set(key, { records, sandboxDir });
    return { records, sandboxDir };
  }

  return (invocation, getSignal) => ({
    tenantId: invocation.tenantId,
    environment: invocation.environment,
    runId: invocation.runId,
    stepPath: invocation.stepPath,
    ...(invocation.idempotencyKey === undefined
      ? {}
      : { idempotencyKey: invocation.idempotencyKey }),
    ...placeOf(invocation.tenantId, invocation.environment),
    // A getter: most functions never look, and the signal costs more than they do.
    get signal() {
      return getSignal();
    },
    now: world.now,
    randomId: uuidv7,
    fetch: createBuiltinFetch(world.guard, invocation, getSignal),
    sandbox: world.sandbox,
    searchUrl: world.searchUrl,
  });
}
