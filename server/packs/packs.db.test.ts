import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { JsonObjectSchema } from "../../core/field.ts";
import type { JsonObject } from "../../core/json.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import {
  startLoopbackServer,
  type LoopbackServer,
} from "../runtime/invokers/testing/loopback-server.ts";
import { createApiCaller, type ApiCaller } from "../testing/api-caller.ts";
import { openServerPlace, type ServerPlace } from "../testing/server-place.ts";
import { checkPack } from "./check-pack.ts";
import { MAX_CONTENT_BYTES, MAX_PACK_BYTES } from "./pack-format.ts";
import { readPack } from "./read-pack.ts";
import { redriveEvents } from "./redrive-events.ts";

const EXAMPLES = join(import.meta.dirname, "../../docs/examples");
const SECRETS = {
  env: "env-token-1f2e3d4c5b",
  literal: "literal-key-9a8b7c",
  input: "input-secret-6d5e4f",
  response: "response-password-0z9y8x",
  receipt: "receipt-token-5t6r7e",
  signal: "signal-secret-3w2q1a",
  text: "bearer-in-a-text-7u8i9o",
};

/** A shop that tells everything that it was sent, and something of its own. */
const SHOP: Record<string, string> = {
  "capabilities/shop.order.place.yaml": JSON.stringify({
    id: "shop.order.place",
    version: "1.0.0",
    description: "Places an order.",
    inputs: { item: { type: "string" }, token: { type: "string" } },
    outputs: { echo: { type: "object" }, log: { type: "string" }, password: { type: "string" } },
    properties: {
      deterministic: false,
      side_effects: true,
      idempotent: true,
      state_access: "write",
    },
  }),
  "bindings/shop_place.yaml": JSON.stringify({
    id: "shop_place",
    capability: "shop.order.place",
    service: "shop",
    protocol: "openapi",
    operation: "orders",
    request: { item: "input.item", token: "input.token" },
    response: {
      echo: "response.echo",
      log: "response.log",
      password: "response.password",
      access_token: "response.access_token",
    },
    metadata: { headers: { Authorization: "Bearer ${SHOP_CREDENTIAL}" }, retry_count: 0 },
  }),
  "skills/shop.yaml": JSON.stringify({
    id: "proof.shop",
    version: "1.0.0",
    name: "Shop",
    description: "Orders, and waits for the answer.",
    inputs: { item: { type: "string" }, api_key: { type: "string" } },
    outputs: { echo: { type: "object" }, log: { type: "string" }, signal: { type: "object" } },
    steps: [
      {
        id: "order",
        uses: "shop.order.place",
        input: { item: "inputs.item", token: "inputs.api_key" },
        output: { echo: "outputs.echo", log: "outputs.log", password: "vars.password" },
      },
      {
        id: "wait",
        uses: "wait.signal",
        input: { name: "go" },
        output: { payload: "outputs.signal" },
      },
    ],
  }),
};

type Instance = { database: TestDatabase; place: ServerPlace; api: ApiCaller };
let shop: LoopbackServer;
let home: Instance;
let away: Instance;
const opened: { place: ServerPlace; database: TestDatabase }[] = [];

async function openInstance(env: Record<string, string>): Promise<Instance> {
  const database = await createTestDatabase();
  const place = await openServerPlace("main", { DATABASE_URL: database.connectionString, ...env });
  opened.push({ place, database });
  await place.start();
  return { database, place, api: createApiCaller(place) };
}

beforeAll(async () => {
  shop = await startLoopbackServer((request, response) => {
    response.setHeader("content-type", "application/json");
    const { headers, body } = request;
    response.end(
      JSON.stringify({
        receipt: SECRETS.receipt,
        password: SECRETS.response,
        access_token: SECRETS.receipt,
        log: `sent with Authorization: Bearer ${SECRETS.text} and ${String(headers.authorization)}`,
        echo: { headers, body },
      }),
    );
  });
  [home, away] = [await openInstance({ SHOP_CREDENTIAL: SECRETS.env }), await openInstance({})];
  const examples = readdirSync(EXAMPLES).filter((file) => file.endsWith(".yaml"));
  const diagnostics = await home.api.importFiles({
    ...Object.fromEntries(
      examples.map((file) => [
        `skills/local/examples/${file}`,
        readFileSync(join(EXAMPLES, file), "utf8"),
      ]),
    ),
    "services/shop.yaml": JSON.stringify({
      id: "shop",
      kind: "openapi",
      base_url: shop.url,
      metadata: { headers: { "X-Api-Key": SECRETS.literal } },
    }),
    ...SHOP,
  });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
}, 120_000);
afterAll(async () => {
  for (const { place, database } of opened) {
    await place.dispose();
    await database.drop();
  }
  await shop[Symbol.asyncDispose]();
});

async function download({ place }: Instance, runId: string): Promise<Buffer> {
  const response = await fetch(`${place.url}/api/v1/runs/${runId}/pack`, {
    headers: { authorization: `Bearer ${place.apiKey}` },
  });
  const body = Buffer.from(await response.arrayBuffer());
  expect(response.status, body.toString()).toBe(200);
  expect(response.headers.get("content-type")).toBe("application/gzip");
  expect(response.headers.get("content-disposition")).toBe(
    `attachment; filename="${runId}.orcapack.gz"`,
  );
  return body;
}

const AnswerSchema = z.looseObject({
  error: z
    .object({ code: z.string(), message: z.string(), details: JsonObjectSchema.optional() })
    .optional(),
  run: z
    .looseObject({ run_id: z.string(), status: z.string(), attributes: JsonObjectSchema })
    .optional(),
  skill: z.looseObject({ is_new: z.boolean() }).optional(),
});

async function upload({ place }: Instance, file: Buffer) {
  const response = await fetch(`${place.url}/api/v1/packs`, {
    method: "POST",
    headers: { authorization: `Bearer ${place.apiKey}`, "content-type": "application/gzip" },
    body: new Uint8Array(file),
  });
  return { status: response.status, body: AnswerSchema.parse(await response.json()) };
}

async function expectIdentical(file: Buffer): Promise<void> {
  const pack = await readPack(file);
  const { plan, events } = checkPack(pack);
  const { checked, differences } = await redriveEvents(plan, pack.run, events);
  expect(differences.map(({ sequence, reason }) => [sequence, reason])).toEqual([]);
  expect(checked).toBe(events.length);
  expect(pack.manifest.redrive).toEqual({
    events: events.length,
    identical: events.length,
    incomparable: [],
  });
}

const ExamplesSchema = z.object({
  id: z.string(),
  metadata: z.object({ examples: z.array(z.object({ input: JsonObjectSchema })) }).optional(),
});
const EXAMPLE_RUNS: [skill: string, inputs: JsonObject][] = [
  ...readdirSync(EXAMPLES)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => ExamplesSchema.parse(parse(readFileSync(join(EXAMPLES, file), "utf8"))))
    .flatMap(({ id, metadata }) =>
      (metadata?.examples ?? []).map(({ input }): [string, JsonObject] => [id, input]),
    ),
  ["examples.skipping", {}],
  ["examples.retry", { url: "http://127.0.0.1:9/" }],
  ["examples.fail-fast", { text: "The lift is out of order." }],
];

describe("a run of the engine itself", () => {
  test.each(EXAMPLE_RUNS)("of %s on %j re-drives to what was recorded", async (skill, inputs) => {
    const runId = await home.api.startRun(skill, inputs);
    await home.api.untilEnded(runId);
    await expectIdentical(await download(home, runId));
  });

  test("that was paused, resumed, and taken over by another process re-drives to what was recorded", async () => {
    const runId = await home.api.startRun("examples.wait-signal", { order: "A-1" });
    const signal = (order: string) =>
      home.api.send(`/runs/${runId}/signal`, {
        name: "goods.arrived",
        payload: { order, state: "whole" },
      });
    await signal("B-2");
    await home.place.end("SIGKILL");
    await home.place.start();
    await signal("A-1");
    await home.api.untilEnded(runId);
    await expectIdentical(await download(home, runId));
  }, 60_000);

  test("that was canceled, or whose time was up, re-drives to what was recorded", async () => {
    const canceled = await home.api.startRun("examples.wait-signal", { order: "A-1" });
    await home.api.send(`/runs/${canceled}/cancel`, { reason: "wrong order" });
    const overdue = await home.api.startRun(
      "examples.wait-signal",
      { order: "A-2" },
      { options: { timeout_seconds: 0.2 } },
    );
    expect(await home.api.untilEnded(canceled)).toMatchObject({ status: "canceled" });
    expect(await home.api.untilEnded(overdue)).toMatchObject({ status: "failed" });
    await expectIdentical(await download(home, canceled));
    await expectIdentical(await download(home, overdue));
  });
});

describe("a pack that is imported elsewhere", () => {
  test("is the same run there: its events, steps and graph, marked as imported, driven by nobody", async () => {
    const runId = await home.api.startRun("examples.foreach", {
      orders: [{ article: "bolt", count: 3 }],
    });
    await home.api.untilEnded(runId);
    const imported = await upload(away, await download(home, runId));
    expect(imported).toMatchObject({
      status: 201,
      body: { run: { run_id: runId, status: "completed" }, skill: { is_new: true } },
    });
    expect(Object.keys(imported.body.run?.attributes ?? {})).toEqual([
      "imported_at",
      "imported_by",
      "imported_pack",
    ]);
    const eventsOf = async ({ api }: Instance) =>
      (await api.listEvents(runId)).map(({ sequence, event_type: type, payload }) => [
        sequence,
        type,
        payload,
      ]);
    expect(await eventsOf(away)).toEqual(await eventsOf(home));
    for (const noun of ["steps", "graph"])
      expect(await away.api.send(`/runs/${runId}/${noun}`)).toEqual(
        await home.api.send(`/runs/${runId}/${noun}`),
      );
    expect((await away.api.getRun(runId)).outputs).toEqual((await home.api.getRun(runId)).outputs);
    const { rows } = await away.database.pool.query(
      "SELECT owner_worker_id, wake_at, lease_epoch FROM runs WHERE run_id = $1",
      [runId],
    );
    expect(rows).toEqual([{ owner_worker_id: null, wake_at: null, lease_epoch: 0 }]);
    expect(await away.api.send(`/runs/${runId}/signal`, { name: "go" })).toMatchObject({
      status: 409,
      body: { error: { code: "invalid_transition" } },
    });
    // A pack of the imported run proves the same again.
    await expectIdentical(await download(away, runId));
    expect(await upload(away, await download(home, runId))).toMatchObject({
      status: 409,
      body: {
        error: { code: "version_conflict", message: `There is a run ${runId} here already.` },
      },
    });
  });

  test("is refused where the run has not ended, and re-drives all the same", async () => {
    const runId = await home.api.startRun("examples.wait-signal", { order: "A-3" });
    await expect.poll(async () => (await home.api.getRun(runId)).status).toBe("waiting_for_signal");
    const file = await download(home, runId);
    await expectIdentical(file);
    expect(await upload(away, file)).toMatchObject({
      status: 400,
      body: { error: { code: "invalid_request", details: { status: "waiting_for_signal" } } },
    });
    expect((await away.api.send(`/runs/${runId}`)).status).toBe(404);
    await home.api.send(`/runs/${runId}/cancel`, {});
  });

  test("is refused where another skill of that version is there, and writes nothing", async () => {
    const runId = await home.api.startRun("examples.skipping", {});
    await home.api.untilEnded(runId);
    const source = readFileSync(join(EXAMPLES, "skipping.yaml"), "utf8");
    await away.api.importFiles({
      "skills/skipping.yaml": source.replace(/^description: .*$/m, "description: Another one."),
    });
    expect(await upload(away, await download(home, runId))).toMatchObject({
      status: 409,
      body: { error: { code: "version_conflict", details: { skill_id: "examples.skipping" } } },
    });
    expect((await away.api.send(`/runs/${runId}`)).status).toBe(404);
  });

  test("is refused for what it is: no pack, cut off, edited, too large, a bomb", async () => {
    const runId = await home.api.startRun("examples.skipping", {});
    await home.api.untilEnded(runId);
    const file = await download(home, runId);
    const edited = Buffer.from(file);
    edited.writeUInt8(edited.readUInt8(file.length - 200) ^ 1, file.length - 200);
    expect(await upload(away, Buffer.from("{}"))).toMatchObject({ status: 400 });
    expect(await upload(away, Buffer.alloc(0))).toMatchObject({ status: 400 });
    for (const damaged of [file.subarray(0, file.length / 2), edited]) {
      const { status, body } = await upload(away, damaged);
      expect(status).toBe(400);
      expect(body.error?.message).toContain("was changed in its part");
    }
    const bomb = gzipSync(Buffer.alloc(MAX_CONTENT_BYTES + 1));
    for (const large of [bomb, Buffer.alloc(MAX_PACK_BYTES + 1)])
      expect(await upload(away, large)).toMatchObject({
        status: 413,
        body: { error: { code: "payload_too_large" } },
      });
    expect((await fetch(`${away.place.url}/readyz`)).status).toBe(200);
  });
});

test("a history that does not fit its checkpoints is not exported", async () => {
  const runId = await home.api.startRun("examples.skipping", { wanted: true });
  await home.api.untilEnded(runId);
  const { rowCount } = await home.database.pool.query(
    `UPDATE event_segments SET body = convert_to(replace(convert_from(body, 'UTF8'), '"wanted":true', '"wanted":false'), 'UTF8')
     WHERE run_id = $1 AND first_seq = 1`,
    [runId],
  );
  expect(rowCount).toBe(1);
  expect(await home.api.send(`/runs/${runId}/pack`)).toMatchObject({
    status: 409,
    body: { error: { code: "invalid_configuration", details: { run_id: runId } } },
  });
});

test("a pack holds no secret: not of inputs, headers, variables, answers, receipts or signals", async () => {
  const runId = await home.api.startRun("proof.shop", { item: "boat", api_key: SECRETS.input });
  await home.api.send(`/runs/${runId}/signal`, { name: "go", payload: { secret: SECRETS.signal } });
  expect(await home.api.untilEnded(runId)).toMatchObject({ status: "completed", error: null });
  const recorded = JSON.stringify(await home.api.listEvents(runId));
  for (const secret of Object.values(SECRETS)) expect(recorded).toContain(secret);

  const file = await download(home, runId);
  const text = gunzipSync(file).toString();
  for (const [name, secret] of Object.entries(SECRETS)) {
    expect(text.includes(secret), name).toBe(false);
    expect(text.includes(Buffer.from(secret).toString("base64").slice(0, -4)), name).toBe(false);
  }
  const pack = await readPack(file);
  expect(pack.effects).toMatchObject([{ capability_id: "shop.order.place", status: "recorded" }]);
  expect(pack.services).toMatchObject([{ id: "shop", is_redacted: true }]);
  expect(pack.bindings).toMatchObject([
    { id: "shop_place", is_redacted: false, revision_from: "ledger" },
  ]);
  expect(pack.redactions.length).toBeGreaterThan(5);
  await expectIdentical(file);
  // The definition of the skill holds none, so that the record can go elsewhere.
  expect((await upload(away, file)).status).toBe(201);
});
