import type { JsonObject } from "../../../../core/json.ts";
import type { BuiltinContext, RecordStore } from "../builtin.ts";

/** A record store in memory, for tests. */
export function makeMemoryRecords(): RecordStore {
  const collections = new Map<string, Map<string, JsonObject>>();
  const of = (name: string) => collections.get(name) ?? new Map<string, JsonObject>();
  return {
    put: async (name, key, value) =>
      void collections.set(name, new Map(of(name)).set(key, structuredClone(value))),
    get: async (name, key) => of(name).get(key) ?? null,
    list: async (name, limit) =>
      [...of(name)].slice(0, limit).map(([key, value]) => ({ key, value })),
    delete: async (name, key) => of(name).delete(key),
  };
}

/** A context in which there is no network, a fixed clock, counted ids and records in memory; tests override the rest. */
export function makeBuiltinContext(overrides: Partial<BuiltinContext> = {}): BuiltinContext {
  let ids = 0;
  return {
    tenantId: "tnt_test",
    environment: "dev",
    runId: "run_test",
    stepPath: "step",
    signal: new AbortController().signal,
    now: () => new Date("2026-01-02T03:04:05.000Z"),
    randomId: () => `id-${(ids += 1)}`,
    sandboxDir: import.meta.dirname,
    fetch: async () => {
      throw new Error("connect ENETUNREACH");
    },
    records: makeMemoryRecords(),
    sandbox: null,
    searchUrl: null,
    ...overrides,
  };
}
