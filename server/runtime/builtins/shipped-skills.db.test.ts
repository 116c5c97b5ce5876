import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { JsonObjectSchema } from "../../../core/field.ts";
import type { JsonObject } from "../../../core/json.ts";
import { createTestDatabase, type TestDatabase } from "../../database/test-database.ts";
import { type SandboxService, startSandboxService } from "../../sandbox/start-sandbox-service.ts";
import { startRegistryRuntime } from "./testing/start-registry-runtime.ts";

const REGISTRY = path.resolve(import.meta.dirname, "../../../registry");
const ExamplesSchema = z.object({
  id: z.string(),
  metadata: z.object({
    examples: z
      .array(
        z.object({
          description: z.string(),
          input: JsonObjectSchema,
          output: JsonObjectSchema.optional(),
        }),
      )
      .min(1),
  }),
});
const skills = readdirSync(path.join(REGISTRY, "skills"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith("skill.yaml"))
  .map((file) =>
    ExamplesSchema.parse(parse(readFileSync(path.join(REGISTRY, "skills", file), "utf8"))),
  );
const examples = skills.flatMap(({ id, metadata }) =>
  metadata.examples.map((example) => [id, example.description, example] as const),
);

let database: TestDatabase;
let service: SandboxService;
let sandboxDir: string;
let runtime: Awaited<ReturnType<typeof startRegistryRuntime>>;

beforeAll(async () => {
  database = await createTestDatabase();
  sandboxDir = await mkdtemp(path.join(tmpdir(), "orca-files-"));
  service = await startSandboxService({
    host: "127.0.0.1",
    httpPort: 0,
    smtpPort: 0,
    dataDir: null,
    now: () => new Date(),
  });
  runtime = await startRegistryRuntime({
    database,
    directories: [REGISTRY],
    context: { sandbox: service, sandboxDir, searchUrl: null },
  });
});
afterAll(async () => {
  await runtime.stop();
  await service.stop();
  await database.drop();
  await rm(sandboxDir, { recursive: true, force: true });
});

async function listOf(noun: "mails" | "tickets" | "payments"): Promise<JsonObject[]> {
  const body = JsonObjectSchema.parse(await (await fetch(`${service.baseUrl}/${noun}`)).json());
  return z.array(JsonObjectSchema).parse(body[noun]);
}

describe("the skills that ship", () => {
  test.each(examples)("%s completes its example: %s", async (id, _description, example) => {
    const run = await runtime.run(id, example.input);
    expect(run.error).toBeNull();
    expect(run).toMatchObject({ status: "completed", outputs: example.output ?? {} });
  });

  test("a charge and its receipt arrive once each, in that order", async () => {
    const before = [(await listOf("payments")).length, (await listOf("mails")).length];
    const run = await runtime.run("billing.charge-and-receipt", {
      customer: "Eve",
      email: "eve@example.com",
      amount_cents: 990,
      reference: "order 9",
    });
    expect(run.status).toBe("completed");
    expect([(await listOf("payments")).length, (await listOf("mails")).length]).toEqual([
      (before[0] ?? 0) + 1,
      (before[1] ?? 0) + 1,
    ]);
    expect((await listOf("mails"))[0]).toMatchObject({
      to: ["eve@example.com"],
      subject: "Your receipt",
    });
  });

  test("a refund within the limit is carried out and told", async () => {
    const { outputs } = await runtime.run("billing.charge-and-receipt", {
      customer: "Max",
      email: "max@example.com",
      amount_cents: 500,
      reference: "order 10",
    });
    const payment = outputs?.["payment_id"] ?? "";
    const run = await runtime.run("finance.refund-request", {
      payment_id: payment,
      amount_cents: 500,
      email: "max@example.com",
      reason: "Wrong size",
    });
    expect(run).toMatchObject({ status: "completed", outputs: { decision: "pass" } });
    expect(await listOf("payments")).toContainEqual(
      expect.objectContaining({ id: payment, state: "refunded" }),
    );
    expect((await listOf("mails"))[0]).toMatchObject({ subject: "Your refund" });
  });

  test("an order whose delivery fails is undone: ticket closed, charge refunded", async () => {
    const run = await runtime.run("billing.order-with-undo", {
      customer: "Kim",
      amount_cents: 700,
      reference: "order 11",
      warehouse_answer: "sorry, the system is down",
    });
    expect(run).toMatchObject({ status: "failed", error: { code: "invalid_request" } });
    expect((await listOf("payments"))[0]).toMatchObject({ customer: "Kim", state: "refunded" });
    expect((await listOf("tickets"))[0]).toMatchObject({ title: "order 11", state: "closed" });
  });

  test("an invoice stands in a file of the sandbox folder", async () => {
    await runtime.run("billing.invoice-from-csv", {
      csv: "item,amount\nWork,100\n",
      customer: "Ada",
      number: "X-1",
    });
    expect(await readdir(path.join(sandboxDir, "invoices"))).toContain("X-1.md");
    expect(await readFile(path.join(sandboxDir, "invoices/X-1.md"), "utf8")).toContain(
      "**Total: 100 cents**",
    );
  });

  test("a page that cannot be reached fails with upstream_failure", async () => {
    const run = await runtime.run("web.page-brief", { url: "http://127.0.0.1:9/" });
    expect(run).toMatchObject({ status: "failed", error: { code: "upstream_failure" } });
  });
});
