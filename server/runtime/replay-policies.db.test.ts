import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ReplayPolicy } from "../../core/capability.ts";
import type { JsonObject } from "../../core/json.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import type { BuiltinModule } from "./builtins/builtin.ts";
import type { Runtime } from "./runtime.ts";
import { inlineCatalog } from "./testing/inline-catalog.ts";
import { inlinePlanner, replayWish } from "./testing/inline-planner.ts";
import { INLINE_TENANT, startInlineRun, startInlineRuntime } from "./testing/inline-runtime.ts";
import { RunProbe } from "./testing/run-probe.ts";

/** What becomes of a call that the lineage has made before, by the policy of its capability. */

let database: TestDatabase;
let probe: RunProbe;
beforeAll(async () => {
  database = await createTestDatabase();
  probe = new RunProbe(database);
  return database.drop;
});

let runtime: Runtime;
let keys: string[] = [];
beforeEach(async () => {
  keys = [];
  runtime = await startInlineRuntime({
    pool: database.pool,
    connectionString: database.connectionString,
    catalog: CATALOG,
    functions: FUNCTIONS,
  });
});
afterEach(() => runtime.stop());

const POLICIES: Record<string, ReplayPolicy> = {
  "test.value.again": "reexecute",
  "test.value.asked": "require_human",
  "test.value.kept": "use_recorded_result",
};
const FUNCTIONS: BuiltinModule = Object.fromEntries(
  Object.keys(POLICIES).map((id) => [
    id,
    ({ value }, { idempotencyKey = "" }) => {
      keys.push(idempotencyKey);
      return { value: `${JSON.stringify(value)} ${keys.length}` };
    },
  ]),
);
const CATALOG = inlineCatalog({
  capabilities: Object.entries(POLICIES).map(([id, replayPolicy]) => ({
    id,
    replayPolicy,
    effect: "write",
    outputs: ["value"],
  })),
  skills: Object.keys(POLICIES).map((id) => ({
    id: `test.${id.slice("test.value.".length)}`,
    version: "1.0.0",
    name: id,
    description: id,
    inputs: { value: { type: "string" } },
    steps: [
      {
        id: "act",
        uses: id,
        input: { value: "inputs.value" },
        output: { value: "outputs.value" },
      },
    ],
  })),
});

async function done(skill: string, inputs: JsonObject = { value: "x" }): Promise<string> {
  const { runId } = await startInlineRun(runtime, `test.${skill}`, inputs);
  await probe.untilEnded(runId);
  return runId;
}

async function replay(sourceRunId: string, inputs: JsonObject | null = null): Promise<string> {
  const { runId } = await runtime.replayRun({
    tenantId: INLINE_TENANT,
    sourceRunId,
    through: 0,
    checkpointId: null,
    inputs,
    version: null,
    environment: null,
    isHeld: false,
    actor: "test",
  });
  return runId;
}

async function planned(runId: string, inputs: JsonObject = {}) {
  const planner = inlinePlanner(database.pool, () => CATALOG);
  const { rows } = await planner.plan(replayWish(runId, { inputs }));
  return rows.map(({ decision, reason }) => [decision, reason]);
}

const effects = async (runIds: string[]) => {
  const { rows } = await database.pool.query<{ status: string; idempotency_key: string }>(
    "SELECT status, idempotency_key FROM effects WHERE run_id = ANY($1) ORDER BY created_at",
    [runIds],
  );
  return rows;
};

describe("reexecute", () => {
  test("makes the call again under a record and a key of its own, in every replay", async () => {
    const source = await done("again");
    expect(await planned(source)).toEqual([
      ["run", "its replay policy has it made again, as a new effect"],
    ]);
    const first = await replay(source);
    expect(await probe.untilEnded(first)).toMatchObject({ outputs: { value: '"x" 2' } });
    const second = await replay(source);
    expect(await probe.untilEnded(second)).toMatchObject({ outputs: { value: '"x" 3' } });
    expect(new Set(keys).size).toBe(3);
    const rows = await effects([source, first, second]);
    expect(rows.map(({ idempotency_key: key }) => key)).toEqual(keys);
    expect(rows.map(({ status }) => status)).toEqual(["recorded", "recorded", "recorded"]);
  });
});
