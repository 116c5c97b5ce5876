import { uuidv7 } from "uuidv7";
import { z } from "zod";
import { ID_PREFIXES } from "../../../../core/ids.ts";
import type { JsonObject } from "../../../../core/json.ts";
import type { EventEnvelope } from "../../../../core/run-events.ts";
import { readEvents } from "../../../database/event-reader.ts";
import type { TestDatabase } from "../../../database/test-database.ts";
import { createMetrics } from "../../../observability/metrics.ts";
import { addDocuments } from "../../../registry/add-documents.ts";
import { buildRegistryCatalog } from "../../../registry/build-registry-catalog.ts";
import { planImport } from "../../../registry/plan-import.ts";
import { readDirectory } from "../../../registry/read-directory.ts";
import { readDocument } from "../../../registry/read-document.ts";
import { EMPTY_REGISTRY } from "../../../registry/testing/plan-files.ts";
import { createRuntime } from "../../create-runtime.ts";
import { createPolicySnapshots } from "../../policy-snapshots.ts";
import { createBreakers } from "../../invokers/breakers.ts";
import { createBuiltinFetch } from "../../invokers/builtin-fetch.ts";
import { createInvokers } from "../../invokers/create-invokers.ts";
import { createNetworkGuard } from "../../invokers/network-guard.ts";
import type { BuiltinContext } from "../builtin.ts";
import { IN_PROCESS_MCP_SERVERS } from "../mcp-servers.ts";
import { BUILTIN_MODULES } from "../modules.ts";
import { makeBuiltinContext, makeMemoryRecords } from "./make-builtin-context.ts";

const TENANT = "tnt_registry";
const IMPORTED_AT = "2026-01-01T00:00:00.000Z";

/** How a run ended. */
export type RegistryRun = { status: string; outputs: JsonObject | null; error: JsonObject | null };

/** The real engine over registry directories and the real native functions; records are kept in memory. */
export async function startRegistryRuntime(options: {
  database: TestDatabase;
  /** Imported one after the other, as a tenant would. */
  directories: readonly string[];
  context: Pick<BuiltinContext, "sandbox" | "sandboxDir" | "searchUrl">;
  /** Variables that service files may name, besides the sandbox's. */
  env?: Readonly<Record<string, string>>;
}) {
  const { database } = options;
  let rows = EMPTY_REGISTRY;
  for (const directory of options.directories) {
    const readings = (await readDirectory(directory)).map(readDocument);
    rows = addDocuments(rows, planImport(readings, rows, IMPORTED_AT), IMPORTED_AT);
  }
  const catalog = buildRegistryCatalog(rows);
  const guard = createNetworkGuard();
  const records = makeMemoryRecords();
  const tools = createInvokers({
    guard,
    env: { ORCA_SANDBOX_URL: options.context.sandbox?.baseUrl, ...options.env },
    modules: BUILTIN_MODULES,
    servers: IN_PROCESS_MCP_SERVERS,
    allowStdio: false,
    createContext: (invocation, getSignal) => ({
      ...makeBuiltinContext({
        ...options.context,
        records,
        randomId: uuidv7,
        now: () => new Date(),
      }),
      ...invocation,
      signal: getSignal(),
      fetch: createBuiltinFetch(guard, invocation, getSignal),
    }),
  });
  const runtime = await createRuntime({
    pool: database.pool,
    connectionString: database.connectionString,
    catalogs: { getCatalog: () => Promise.resolve(catalog), forget: () => {} },
    tools: {
      invokers: tools.invokers,
      breakers: createBreakers(() => Date.now()),
      now: () => performance.now(),
    },
    findEnvironment: () => Promise.resolve({ allowPrivateNetwork: true, policies: [] }),
    policies: createPolicySnapshots(database.pool),
    secrets: [],
    availableEnv: new Set(),
    now: () => Date.now(),
    random: () => 0.5,
    makeId: (kind) => `${ID_PREFIXES[kind]}_${uuidv7().replaceAll("-", "")}`,
    metrics: createMetrics(),
    logger: { info() {}, warn() {}, error() {} },
    worker: { host: "test", pid: process.pid, version: "test", capacity: 100 },
  });

  async function readRun(runId: string): Promise<RegistryRun> {
    const { rows } = await database.pool.query<RegistryRun>(
      "SELECT status, outputs, error FROM runs WHERE tenant_id = $1 AND run_id = $2",
      [TENANT, runId],
    );
    return rows[0] ?? { status: "missing", outputs: null, error: null };
  }

  async function start(skillId: string, inputs: JsonObject): Promise<string> {
    const { runId } = await runtime.startRun({
      tenantId: TENANT,
      skillId,
      version: null,
      inputs,
      environment: "dev",
      attributes: {},
      options: {},
      startAt: null,
      actor: "test",
    });
    return runId;
  }

  async function untilEnded(runId: string): Promise<RegistryRun> {
    for (;;) {
      const run = await readRun(runId);
      if (["completed", "failed", "canceled", "missing"].includes(run.status)) return run;
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }

  return {
    catalog,
    records,
    /** Starts a skill in `dev`; answers the run's id. */
    start,
    untilEnded,
    /** Sends a run a signal; answers once the run has it. */
    /** Approves what a run asks, as somebody who is an approver. */
    approve: async (runId: string, asked: JsonObject, payload?: JsonObject): Promise<void> => {
      const text = z.string();
      await runtime.command({
        tenantId: TENANT,
        runId,
        actor: "user:usr_ada",
        kind: "decide",
        payload: {
          approval_id: text.parse(asked["approval_id"]),
          payload_hash: text.parse(asked["payload_hash"]),
          approver: {
            actor: "user:usr_ada",
            name: "Ada",
            ids: [],
            roles: ["approver"],
            groups: [],
          },
          decision: "approve",
          ...(payload === undefined ? {} : { payload }),
        },
      });
    },
    signal: (runId: string, name: string, payload: JsonObject): Promise<void> =>
      runtime.command({
        tenantId: TENANT,
        runId,
        actor: "test",
        kind: "signal",
        signalId: uuidv7(),
        name,
        payload,
      }),
    listEvents: (runId: string): Promise<EventEnvelope[]> =>
      readEvents(database, { tenantId: TENANT, runId, after: 0, limit: 10_000 }),
    /** Runs a skill in `dev` to its end. */
    run: async (skillId: string, inputs: JsonObject): Promise<RegistryRun> =>
      untilEnded(await start(skillId, inputs)),
    async stop() {
      await runtime.stop();
      await tools.close();
    },
  };
}
