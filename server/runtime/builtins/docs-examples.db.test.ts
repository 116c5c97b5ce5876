import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { json } from "node:stream/consumers";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { JsonObjectSchema } from "../../../core/field.ts";
import type { JsonObject } from "../../../core/json.ts";
import { stepKeyOfPayload } from "../../../core/run-events.ts";
import { createTestDatabase, type TestDatabase } from "../../database/test-database.ts";
import { addDocuments } from "../../registry/add-documents.ts";
import { planImport } from "../../registry/plan-import.ts";
import { readDirectory } from "../../registry/read-directory.ts";
import { readDocument } from "../../registry/read-document.ts";
import { EMPTY_REGISTRY } from "../../registry/testing/plan-files.ts";
import { startRegistryRuntime } from "./testing/start-registry-runtime.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const REGISTRY = path.join(ROOT, "registry");
const EXAMPLES = path.join(ROOT, "docs/examples");
const IMPORTED_AT = "2026-01-01T00:00:00.000Z";

const SkillExamplesSchema = z.object({
  id: z.string(),
  metadata: z
    .object({
      examples: z.array(
        z.object({ description: z.string(), input: JsonObjectSchema, output: JsonObjectSchema }),
      ),
    })
    .optional(),
});
const examples = readdirSync(EXAMPLES)
  .filter((file) => file.endsWith(".yaml"))
  .flatMap((file) => {
    const skill = SkillExamplesSchema.parse(parse(readFileSync(path.join(EXAMPLES, file), "utf8")));
    return (skill.metadata?.examples ?? []).map(
      (example) => [file, example.description, skill.id, example] as const,
    );
  });

/** What reached the warehouse, newest last. */
const requests: { path: string; headers: Record<string, unknown>; body: JsonObject }[] = [];
let isStockDown = false;
let warehouse: Server;
let database: TestDatabase;
let runtime: Awaited<ReturnType<typeof startRegistryRuntime>>;

/** The service of docs/examples/warehouse: over HTTP and over JSON-RPC, without MCP. */
async function startWarehouse(): Promise<Server> {
  const server = createServer((request, response) => {
    void answer();
    async function answer(): Promise<void> {
      const body = request.method === "POST" ? JsonObjectSchema.parse(await json(request)) : {};
      requests.push({ path: request.url ?? "", headers: request.headers, body });
      const [status, content] = answerWarehouse(request.url ?? "", body);
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(content));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function answerWarehouse(url: string, body: JsonObject): [number, JsonObject] {
  if (url === "/rpc")
    return [200, { jsonrpc: "2.0", id: body["id"] ?? null, result: { pieces: 3 } }];
  if (isStockDown) return [500, {}];
  if (url === "/articles/bolt%20M6/stock") return [200, { stock: { pieces: 7, place: "A-12" } }];
  return url === "/reservations" ? [201, { id: "res_1" }] : [404, {}];
}

beforeAll(async () => {
  database = await createTestDatabase();
  warehouse = await startWarehouse();
  const address = warehouse.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  runtime = await startRegistryRuntime({
    database,
    directories: [REGISTRY, EXAMPLES],
    context: { sandbox: null, sandboxDir: "", searchUrl: null },
    env: { WAREHOUSE_URL: `http://127.0.0.1:${port}`, WAREHOUSE_TOKEN: "token-of-tests" },
  });
});
afterAll(async () => {
  await runtime.stop();
  warehouse.close();
  await database.drop();
});

async function stepsOf(runId: string, type: string): Promise<string[]> {
  const events = await runtime.listEvents(runId);
  return events
    .filter((event) => event.event_type === type)
    .flatMap(({ payload }) => stepKeyOfPayload(payload) ?? []);
}

describe("the examples of the documentation", () => {
  test("import into the shipped registry without an error or a warning", async () => {
    const shipped = planImport(
      (await readDirectory(REGISTRY)).map(readDocument),
      EMPTY_REGISTRY,
      IMPORTED_AT,
    );
    const readings = (await readDirectory(EXAMPLES)).map(readDocument);
    const rows = addDocuments(EMPTY_REGISTRY, shipped, IMPORTED_AT);
    const { report } = planImport(readings, rows, IMPORTED_AT);
    expect(report.diagnostics.filter(({ severity }) => severity !== "info")).toEqual([]);
    expect(report.imported.skills).toBeGreaterThanOrEqual(18);
  });

  test.each(examples)("%s, %s: completes with the outputs it states", async (...row) => {
    const [, , skillId, example] = row;
    const run = await runtime.run(skillId, example.input);
    expect(run.error).toBeNull();
    expect(run).toMatchObject({ status: "completed", outputs: example.output });
  });

  test("branches: the branch that was not taken is skipped, and what hangs on it alone", async () => {
    const runId = await runtime.start("examples.branches", {
      text: "Die Energiewende erfordert große Investitionen in erneuerbare Energien und Netze.",
    });
    await runtime.untilEnded(runId);
    expect(await stepsOf(runId, "step.skipped")).toEqual(["summarize", "phrases", "same_target"]);
  });

  test("skipping: file order goes on after a skipped step, an explicit dependency does not", async () => {
    const runId = await runtime.start("examples.skipping", {});
    await runtime.untilEnded(runId);
    expect(await stepsOf(runId, "step.skipped")).toEqual(["maybe", "by_branch"]);
    expect(await stepsOf(runId, "step.completed")).toEqual(["by_order"]);
  });

  test("retry: three attempts, then the step's error is the run's", async () => {
    const runId = await runtime.start("examples.retry", { url: "http://127.0.0.1:9/" });
    expect(await runtime.untilEnded(runId)).toMatchObject({
      status: "failed",
      error: { code: "upstream_failure" },
    });
    expect(await stepsOf(runId, "step.retry_scheduled")).toEqual(["fetch", "fetch"]);
  });

  test("fail-fast: the other branch's output is kept, what depends on the failed step is skipped", async () => {
    const runId = await runtime.start("examples.fail-fast", { text: "The lift is out of order." });
    expect(await runtime.untilEnded(runId)).toMatchObject({
      status: "failed",
      error: { code: "invalid_request" },
      outputs: { summary: "The lift is out of order." },
    });
    expect(await stepsOf(runId, "step.skipped")).toEqual(["use"]);
  });

  test("foreach and scatter: each occurrence is named by its index or alias", async () => {
    const orders = [{ article: "bolt", count: 3 }];
    const loop = await runtime.start("examples.foreach", { orders });
    await runtime.untilEnded(loop);
    expect(await stepsOf(loop, "step.started")).toEqual(["line", "line#0", "total"]);
    const scatter = await runtime.start("examples.scatter", { text: "A good day." });
    await runtime.untilEnded(scatter);
    expect(await stepsOf(scatter, "step.started")).toEqual(
      expect.arrayContaining(["read#language", "read#reasoning_sentiment_analyze"]),
    );
  });

  test("wait-signal: another order's signal is left alone, the own one is taken", async () => {
    const runId = await runtime.start("examples.wait-signal", { order: "A-1" });
    await runtime.signal(runId, "goods.arrived", { order: "B-2", state: "broken" });
    await runtime.signal(runId, "goods.arrived", { order: "A-1", state: "whole" });
    expect(await runtime.untilEnded(runId)).toMatchObject({
      status: "completed",
      outputs: { note: "A-1 arrived whole; without complaint: true." },
    });
  });

  test("wait-approval: an edit that the form allows goes on, another one does not", async () => {
    const runId = await runtime.start("examples.wait-approval", { customer: "Bo", amount: 600 });
    const asked = async () =>
      (await runtime.listEvents(runId)).find(
        ({ event_type: type }) => type === "approval.requested",
      )?.payload;
    await expect.poll(asked).toBeDefined();
    const question = (await asked()) ?? {};
    await expect(
      runtime.approve(runId, question, { customer: "Bo", amount: 501 }),
    ).rejects.toMatchObject({ code: "invalid_request" });
    await runtime.approve(runId, question, { customer: "Bo", amount: 90 });
    expect(await runtime.untilEnded(runId)).toMatchObject({
      status: "completed",
      outputs: { amount: 90, by: "user:usr_ada" },
    });
  });

  test("warehouse: path, headers, mapping and idempotency key are what the guide says", async () => {
    const run = await runtime.run("examples.reserve", { sku: "bolt M6", order: "A-1" });
    expect(run).toMatchObject({
      status: "completed",
      outputs: { pieces: 7, place: "A-12", reservation: "res_1" },
    });
    expect(requests.at(-2)).toMatchObject({
      path: "/articles/bolt%20M6/stock",
      headers: { authorization: "Bearer token-of-tests" },
    });
    expect(requests.at(-1)).toMatchObject({
      path: "/reservations",
      headers: {
        "idempotency-key": expect.stringMatching(/^[0-9a-f]{64}$/),
        traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-/),
      },
      body: { article: "bolt M6", pieces: 7, order: "A-1" },
    });
  });

  test("warehouse: a service that is down is passed over for the fallback", async () => {
    isStockDown = true;
    const runId = await runtime.start("examples.reserve", { sku: "bolt M6", order: "A-2" });
    expect(await runtime.untilEnded(runId)).toMatchObject({
      outputs: { pieces: 3, place: "unknown" },
    });
    const attempts = (await runtime.listEvents(runId))
      .filter((event) => event.event_type === "binding.attempted")
      .map(({ payload }) => [payload["binding_id"], payload["status"]]);
    expect(attempts).toEqual([
      ["http.stock.level.get", "failed"],
      ["rpc.stock.level.get", "success"],
      ["http.stock.item.reserve", "failed"],
    ]);
    expect(requests.find(({ path: place }) => place === "/rpc")?.body).toMatchObject({
      method: "stock.level",
      params: { article: "SKU-bolt M6" },
    });
    isStockDown = false;
  });
});
