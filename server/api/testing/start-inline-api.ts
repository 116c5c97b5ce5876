import { z } from "zod";
import type { PolicySource } from "../../../core/policy.ts";
import type { RegistryCatalog } from "../../registry/registry-catalog.ts";
import type { BuiltinModule } from "../../runtime/builtins/builtin.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { INLINE_TENANT, startInlineRuntime } from "../../runtime/testing/inline-runtime.ts";
import { RunProbe } from "../../runtime/testing/run-probe.ts";
import { EMPTY_REGISTRY } from "./empty-registry.ts";
import { startTestApi, type TestApi } from "./start-test-api.ts";

/** A refusal as every operation answers it. */
export const AnyError = z.object({
  error: z.looseObject({ code: z.string(), message: z.string() }),
});

/** An answer over HTTP. */
export type Told = { status: number; answer: unknown };

/** The API with an engine beside it that runs an inline catalog for `INLINE_TENANT`. */
export type InlineApi = TestApi & {
  probe: RunProbe;
  /** The engine as it stands. */
  engine(): Runtime;
  /** Puts another engine in the place of this one, as after a restart. */
  restart(): Promise<void>;
  /** A GET, or where there is a body a POST, of who has that key or Cookie header. */
  send(who: string, path: string, body?: object, method?: string): Promise<Told>;
};

/** Starts both over one database. The test's API stores histories of its own; commands go to the engine. */
export async function startInlineApi(options: {
  catalog: RegistryCatalog;
  functions?: BuiltinModule;
  policies?: readonly PolicySource[];
  /** What the engine's instance was started with. */
  secrets?: readonly string[];
}): Promise<InlineApi> {
  const { catalog, functions = {}, policies = [], secrets = [] } = options;
  const api = await startTestApi({ registry: EMPTY_REGISTRY, catalog });
  await api.addTenant(INLINE_TENANT);
  const { pool, connectionString } = api.database;
  const start = () =>
    startInlineRuntime({ pool, connectionString, catalog, functions, policies, secrets });
  let runtime = await start();
  api.runtime.command = (request) => runtime.command(request);
  api.runtime.replayRun = (request) => runtime.replayRun(request);
  return {
    ...api,
    probe: new RunProbe(api.database),
    engine: () => runtime,
    async restart() {
      await runtime.stop();
      runtime = await start();
    },
    async send(who, path, body, method = body === undefined ? "GET" : "POST") {
      const response = await fetch(`${api.baseUrl}/api/v1${path}`, {
        method,
        headers: {
          ...(who.startsWith("orca_") ? { authorization: `Bearer ${who}` } : { cookie: who }),
          "content-type": "application/json",
          "sec-fetch-site": "same-origin",
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer: unknown = await response.json();
      return { status: response.status, answer };
    },
    async close() {
      await runtime.stop();
      await api.close();
    },
  };
}

/** The status and code with which a call was refused. */
export async function refusal(work: Promise<Told>): Promise<[number, string]> {
  const { status, answer } = await work;
  return [status, AnyError.parse(answer).error.code];
}
