import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "../../core/json.ts";
import { isTerminal } from "../../core/run.ts";
import type { RunDetail } from "../../core/run-view.ts";
import { loadConfig } from "../config.ts";
import { createContainer, type Container } from "../container.ts";
import { findRunDetail } from "../database/run-queries.ts";
import { toRunSummary } from "../database/run-row.ts";
import { createTestDatabase } from "../database/test-database.ts";
import { importDocuments } from "../registry/import-documents.ts";
import type { ImportReport } from "../registry/import-report.ts";
import { readDirectory } from "../registry/read-directory.ts";
import { createBell } from "../runs/bell.ts";
import { startSandboxService, type SandboxService } from "../sandbox/start-sandbox-service.ts";

const LOOK_EVERY_MS = 1_000;

/** A run that has ended. */
export type EndedRun = Pick<RunDetail, "run_id" | "status" | "error" | "outputs">;

/** Everything that a server process has but its HTTP port, on a database and a data folder of the caller's own. */
export type TestContainer = {
  container: Container;
  sandbox: SandboxService;
  /** Where the native functions of a tenant keep their files in an environment. */
  filesOf(tenantId: string, environment: string): string;
  /** Imports a registry directory as a person of the tenant would. */
  importDirectory(tenantId: string, directory: string): Promise<ImportReport>;
  /** Runs a skill to its end. */
  run(
    tenantId: string,
    environment: string,
    skillId: string,
    inputs: JsonObject,
  ): Promise<EndedRun>;
  close(): Promise<void>;
};

/** Opens the container of server/container.ts as a first start would. `env` are variables of docs/operations/configuration.md. */
export async function openTestContainer(env: Record<string, string>): Promise<TestContainer> {
  const test = await createTestDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), "orca-container-"));
  const now = () => new Date();
  const sandbox = await startSandboxService({
    host: "127.0.0.1",
    httpPort: 0,
    smtpPort: 0,
    dataDir: null,
    now,
  });
  const config = loadConfig({
    DATABASE_URL: test.connectionString,
    ORCA_DATA_DIR: dataDir,
    ORCA_LOG_LEVEL: "error",
    ...env,
  });
  const container = await createContainer(config, {
    env: { NODE_ENV: "test", ...env },
    announce: () => undefined,
    sandbox,
  });
  const { database, catalogs, api } = container;
  return {
    container,
    sandbox,
    filesOf: (tenantId, environment) => join(dataDir, "files", tenantId, environment),
    importDirectory: async (tenantId, directory) =>
      importDocuments(
        { database, catalogs, now, makeId: api.makeId },
        { tenantId, documents: await readDirectory(directory), dryRun: false, actor: "usr_test" },
      ),
    run: (tenantId, environment, skillId, inputs) =>
      runToEnd(container, { tenantId, environment, skillId, inputs }),
    async close() {
      await container.stop();
      await sandbox.stop();
      await test.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function runToEnd(
  { api: { runtime }, database }: Container,
  request: { tenantId: string; environment: string; skillId: string; inputs: JsonObject },
): Promise<EndedRun> {
  const { tenantId } = request;
  const { runId } = await runtime.startRun({
    ...request,
    version: null,
    attributes: {},
    options: {},
    startAt: null,
    actor: "usr_test",
  });
  const bell = createBell(new AbortController().signal);
  const unsubscribe = runtime.subscribe(tenantId, runId, bell.ring);
  try {
    for (;;) {
      bell.mute();
      const row = await findRunDetail(database, tenantId, runId);
      if (row === null) throw new Error(`run ${runId} is gone`);
      if (isTerminal(row.status)) return { ...toRunSummary(row), outputs: row.outputs };
      await bell.heard(LOOK_EVERY_MS);
    }
  } finally {
    unsubscribe();
  }
}
