import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { inlineCatalog } from "../runtime/testing/inline-catalog.ts";
import { INLINE_TENANT, startInlineRuntime } from "../runtime/testing/inline-runtime.ts";

let database: TestDatabase;
let runtime: Runtime;
beforeAll(async () => {
  database = await createTestDatabase();
  const catalog = inlineCatalog({
    capabilities: [{ id: "text.value.echo", outputs: ["value"] }],
    skills: [
      {
        id: "test.echo",
        version: "1.0.0",
        name: "Echo",
        description: "Echoes.",
        inputs: {},
        outputs: {},
        steps: [
          {
            id: "echo",
            uses: "text.value.echo",
            input: { value: 1 },
            output: { value: "outputs.value" },
          },
        ],
      },
    ],
  });
  runtime = await startInlineRuntime({
    ...database,
    catalog,
    functions: { "text.value.echo": ({ value }) => ({ value: value ?? null }) },
  });
  return async () => {
    await runtime.stop();
    await database.drop();
  };
});

test("the runtime gives a run the id that was reserved for it, so that a repeated start finds it", async () => {
  const runId = "run_0123456789abcdef0123456789abcdef";
  const request = {
    tenantId: INLINE_TENANT,
    runId,
    skillId: "test.echo",
    version: null,
    inputs: {},
    environment: "dev",
    attributes: {},
    options: {},
    startAt: null,
    actor: "test",
  };
  expect((await runtime.startRun(request)).runId).toBe(runId);
  expect((await runtime.startRun(request)).runId).toBe(runId);
  const { rows } = await database.pool.query("SELECT run_id FROM runs");
  expect(z.array(z.object({ run_id: z.string() })).parse(rows)).toEqual([{ run_id: runId }]);
});
