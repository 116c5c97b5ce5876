import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { PERMISSIONS } from "../../core/permissions.ts";
import {
  AddedWebhookSchema,
  ChannelListSchema,
  NoticeDeliverySchema,
} from "../api/notice-schemas.ts";
import { ApprovalSummarySchema } from "../api/approval-schemas.ts";
import { listOf } from "../api/list-schemas.ts";
import { EMPTY_REGISTRY } from "../api/testing/empty-registry.ts";
import { startTestApi, type TestApi } from "../api/testing/start-test-api.ts";
import { createNetworkGuard } from "../runtime/invokers/network-guard.ts";
import {
  startLoopbackServer,
  type LoopbackServer,
  type SeenRequest,
} from "../runtime/invokers/testing/loopback-server.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { inlineCatalog } from "../runtime/testing/inline-catalog.ts";
import {
  INLINE_TENANT,
  startInlineRun,
  startInlineRuntime,
} from "../runtime/testing/inline-runtime.ts";
import { RunProbe } from "../runtime/testing/run-probe.ts";
import { startSandboxService } from "../sandbox/start-sandbox-service.ts";
import { createSeal } from "../seal.ts";
import { NoticeCourier, type CourierParts } from "./notice-courier.ts";

const KEY = "ab".repeat(32);
const skill = (id: string, input: object) => ({
  id,
  version: "1.0.0",
  name: id,
  description: id,
  inputs: { password: {} },
  steps: [{ id: "ask", uses: "wait.approval", input: { reason: "Pay?", ...input } }],
});
const catalog = inlineCatalog({
  capabilities: [],
  skills: [
    skill("test.ask", { payload: { password: "inputs.password" } }),
    skill("test.soon", { timeout_seconds: 3_600 }),
  ],
});

let api: TestApi;
let runtime: Runtime;
let probe: RunProbe;
let key: string;
let receiver: LoopbackServer;
let answer: (request: SeenRequest, response: ServerResponse) => void;
let couriers: NoticeCourier[] = [];
const guard = createNetworkGuard();

beforeAll(async () => {
  api = await startTestApi({ registry: EMPTY_REGISTRY, catalog, hasMailServer: true });
  await api.addTenant(INLINE_TENANT);
  key = await api.addKey(INLINE_TENANT, PERMISSIONS);
  const { pool, connectionString } = api.database;
  runtime = await startInlineRuntime({ pool, connectionString, catalog, functions: {} });
  api.runtime.command = (request) => runtime.command(request);
  probe = new RunProbe(api.database);
  return async () => {
    await runtime.stop();
    await guard.close();
    await api.close();
  };
});
beforeEach(async () => {
  answer = (_request, response) => void response.writeHead(204).end();
  receiver = await startLoopbackServer((request, response) => answer(request, response));
});
afterEach(async () => {
  await Promise.all(couriers.map((courier) => courier.stop()));
  couriers = [];
  await api.database.pool.query("DELETE FROM notice_channels; DELETE FROM notice_deliveries");
  await receiver[Symbol.asyncDispose]();
});

function startCourier(more: Partial<CourierParts> = {}): NoticeCourier {
  const courier = new NoticeCourier({
    database: api.database,
    guard,
    seal: createSeal(KEY),
    mail: null,
    publicUrl: "https://orca.example.com",
    logger: { info() {}, warn() {}, error() {} },
    now: Date.now,
    random: Math.random,
    lookIntervalMs: 20,
    schedule: { firstDelayMs: 20, factor: 1, maxDelayMs: 20, maxAttempts: 3 },
    ...more,
  });
  couriers.push(courier);
  courier.start();
  return courier;
}

async function send(who: string, method: string, path: string, body?: object) {
  const response = await fetch(`${api.baseUrl}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${who}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const told: unknown = await response.json();
  return { status: response.status, told };
}

async function addWebhook(more: object = {}) {
  const body = { name: "ours", url: `${receiver.url}/hook`, ...more };
  const { told } = await send(key, "POST", "/notice-channels/webhooks", body);
  return AddedWebhookSchema.parse(told);
}

async function asked(skillId = "test.ask"): Promise<string> {
  const { runId } = await startInlineRun(runtime, skillId, { password: "hunter2" });
  await probe.until(runId, "waiting_for_human");
  return runId;
}

async function deliveries(query = "") {
  const { told } = await send(key, "GET", `/notices${query}`);
  return listOf(NoticeDeliverySchema).parse(told).items;
}

const statuses = async () => (await deliveries()).map(({ status }) => status);
const idsOf = (requests: readonly SeenRequest[]) =>
  requests.map(({ headers }) => headers["webhook-id"]);
const soon = { timeout: 20_000, interval: 20 };

/** What `docs/how-to/receive-notices.md` tells receivers to do. */
function isGenuine({ headers, body }: SeenRequest, secret: string): boolean {
  const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature } = headers;
  const secretBytes = Buffer.from(secret.replace("whsec_", ""), "base64");
  const expected = createHmac("sha256", secretBytes)
    .update([id, at, body].join("."))
    .digest("base64");
  const isFresh = Math.abs(Date.now() / 1_000 - Number(at)) < 300;
  return isFresh && signature === `v1,${expected}`;
}

describe("a webhook", () => {
  test("is told once of a new approval, signed, without the payload that is asked about", async () => {
    const { secret, channel } = await addWebhook();
    expect(channel).not.toHaveProperty("secret");
    startCourier();
    startCourier();
    const runId = await asked();
    await expect.poll(statuses, soon).toEqual(["delivered"]);
    expect(receiver.seen).toHaveLength(1);
    const [request] = receiver.seen;
    expect(request === undefined ? false : isGenuine(request, secret)).toBe(true);
    expect(request?.body).not.toContain("hunter2");
    const approvalId = `apr_${runId.slice(4)}_5`;
    expect(JSON.parse(request?.body ?? "")).toMatchObject({
      type: "approval.requested",
      data: {
        approval_id: approvalId,
        run_id: runId,
        reason: "Pay?",
        url: `https://orca.example.com/approvals?tab=pending&id=${approvalId}`,
      },
    });
  });

  test("is told again, under the same id and with the same body, until it takes it", async () => {
    await addWebhook();
    let count = 0;
    answer = (_request, response) => {
      count += 1;
      if (count === 1) response.writeHead(500).end("down");
      else if (count === 2) response.socket?.destroy();
      else response.writeHead(200).end();
    };
    startCourier();
    await asked();
    await expect.poll(statuses, soon).toEqual(["delivered"]);
    expect(new Set(idsOf(receiver.seen)).size).toBe(1);
    expect(receiver.seen).toHaveLength(3);
    expect(new Set(receiver.seen.map(({ body }) => body)).size).toBe(1);
    expect((await deliveries())[0]).toMatchObject({ attempts: 3, last_status: 200 });
  });

  test("that hangs is given up after its attempts, listed as dead, and told again when asked for", async () => {
    await addWebhook();
    answer = () => undefined;
    startCourier({ attemptTimeoutMs: 100 });
    await asked();
    await expect.poll(statuses, soon).toEqual(["dead"]);
    const [dead] = await deliveries("?status=dead");
    expect(dead).toMatchObject({ attempts: 3, last_status: null, next_attempt_at: null });
    expect(dead?.last_error).toContain("did not answer");
    answer = (_request, response) => void response.writeHead(200).end();
    const path = `/notices/${dead?.delivery_id ?? ""}/redeliver`;
    expect((await send(key, "POST", path)).status).toBe(200);
    await expect.poll(statuses, soon).toEqual(["delivered"]);
    expect(new Set(idsOf(receiver.seen)).size).toBe(1);
  });

  test("that redirects is not followed", async () => {
    await addWebhook();
    answer = (_request, response) =>
      void response.writeHead(302, { location: `${receiver.url}/login` }).end();
    startCourier();
    await asked();
    await expect.poll(statuses, soon).toEqual(["dead"]);
    expect(receiver.seen.map(({ path }) => path)).toEqual(["/hook", "/hook", "/hook"]);
  });

  test("on this machine is not reached where the environment forbids it", async () => {
    await addWebhook();
    const setPrivate = (isAllowed: boolean) =>
      api.database.pool.query(
        `UPDATE environments SET settings = settings || $2 WHERE tenant_id = $1`,
        [INLINE_TENANT, JSON.stringify({ allow_private_network: isAllowed })],
      );
    await setPrivate(false);
    startCourier();
    await asked();
    await expect.poll(statuses, soon).toEqual(["dead"]);
    await setPrivate(true);
    expect(receiver.seen).toEqual([]);
  });

  test("is told by the next process where one was killed in the middle of an attempt", async () => {
    await addWebhook();
    const reached = Promise.withResolvers<void>();
    answer = () => reached.resolve();
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, "testing", "courier-process.ts")],
      {
        env: {
          ...process.env,
          COURIER_DATABASE_URL: api.database.connectionString,
          COURIER_KEY: KEY,
        },
        stdio: ["ignore", "ignore", "inherit"],
      },
    );
    try {
      await asked();
      await reached.promise;
    } finally {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    }
    expect(await statuses()).toEqual(["pending"]);
    answer = (_request, response) => void response.writeHead(200).end();
    startCourier();
    await expect.poll(statuses, soon).toEqual(["delivered"]);
    expect(receiver.seen).toHaveLength(2);
    expect(new Set(idsOf(receiver.seen)).size).toBe(1);
  });
});

describe("notices", () => {
  test("are written with the approval itself, whether or not a process is there to send them", async () => {
    const runId = await asked();
    const { rows } = await api.database.pool.query(
      "SELECT type, fanned_out_at FROM notices WHERE run_id = $1",
      [runId],
    );
    expect(rows).toEqual([{ type: "approval.requested", fanned_out_at: null }]);
    await addWebhook();
    startCourier();
    await expect
      .poll(() => receiver.seen.filter(({ body }) => body.includes(runId)).length, soon)
      .toBe(1);
  });

  test("tell of those that are given to others and of those that expire soon, to channels that want them", async () => {
    await addWebhook({ types: ["approval.reassigned", "approval.expiring"], environment: "dev" });
    const runId = await asked("test.soon");
    const { told } = await send(key, "GET", `/runs/${runId}/approvals`);
    const [approval] = listOf(ApprovalSummarySchema).parse(told).items;
    const path = `/approvals/${approval?.approval_id ?? ""}/reassign`;
    expect((await send(key, "POST", path, { roles: ["operator"] })).status).toBe(200);
    startCourier();
    const typesSeen = () =>
      receiver.seen.map(({ body }) => z.object({ type: z.string() }).parse(JSON.parse(body)).type);
    await expect.poll(typesSeen, soon).toEqual(["approval.reassigned"]);
    await api.database.pool.query(
      `UPDATE approvals SET created_at = created_at - interval '50 minutes',
         expires_at = expires_at - interval '50 minutes' WHERE run_id = $1`,
      [runId],
    );
    await expect.poll(typesSeen, soon).toEqual(["approval.reassigned", "approval.expiring"]);
    expect(receiver.seen[0]?.body).toContain('"roles":["operator"]');
  });

  test("go out by e-mail, with the approval's address", async () => {
    const sandbox = await startSandboxService({
      host: "127.0.0.1",
      httpPort: 0,
      smtpPort: 0,
      dataDir: null,
      now: () => new Date(),
    });
    try {
      const body = { name: "team", recipients: ["team@example.com"] };
      expect((await send(key, "POST", "/notice-channels/emails", body)).status).toBe(201);
      const url = `smtp://127.0.0.1:${sandbox.smtpPort}`;
      startCourier({ mail: { url, from: "Orca <orca@example.com>" } });
      const runId = await asked();
      await expect.poll(statuses, soon).toEqual(["delivered"]);
      const caught = await (await fetch(`${sandbox.baseUrl}/mails`)).text();
      expect(caught).toContain("Approval needed: Pay?");
      expect(caught).toContain("team@example.com");
      expect(caught).toContain(`apr_${runId.slice(4)}`);
      expect(caught).not.toContain("hunter2");
    } finally {
      await sandbox.stop();
    }
  });

  test("of another tenant are neither seen nor sent again nor switched", async () => {
    const { channel } = await addWebhook();
    startCourier();
    await asked();
    await expect.poll(statuses, soon).toEqual(["delivered"]);
    const [delivery] = await deliveries();
    const tenantId = `other${Date.now()}`;
    await api.addTenant(tenantId);
    const stranger = await api.addKey(tenantId, PERMISSIONS);
    const channels = await send(stranger, "GET", "/notice-channels");
    expect(ChannelListSchema.parse(channels.told).items).toEqual([]);
    expect((await send(stranger, "GET", "/notices")).told).toEqual({
      items: [],
      next_cursor: null,
    });
    const { channel_id: id } = channel;
    const asks: [string, string, object?][] = [
      ["POST", `/notices/${delivery?.delivery_id ?? ""}/redeliver`],
      ["POST", `/notice-channels/${id}/switch`, { is_enabled: false }],
      ["DELETE", `/notice-channels/${id}`],
    ];
    for (const [method, path, body] of asks)
      expect((await send(stranger, method, path, body)).status).toBe(404);
    expect((await send(key, "DELETE", `/notice-channels/${id}`)).status).toBe(200);
    expect((await send(key, "DELETE", `/notice-channels/${id}`)).status).toBe(404);
  });

  test("are not sent to a channel that is off, nor to what is no address", async () => {
    const { channel } = await addWebhook();
    const path = `/notice-channels/${channel.channel_id}/switch`;
    await send(key, "POST", path, { is_enabled: false });
    startCourier();
    const runId = await asked();
    await expect
      .poll(async () => {
        const { rows } = await api.database.pool.query(
          "SELECT 1 FROM notices WHERE run_id = $1 AND fanned_out_at IS NOT NULL",
          [runId],
        );
        return rows.length;
      }, soon)
      .toBe(1);
    expect(await deliveries()).toEqual([]);
    for (const body of [
      { name: "x", url: "ftp://example.com" },
      { name: "x", url: "https://user:secret@example.com" },
      { name: "x", url: receiver.url, environment: "nowhere" },
      { name: "x", url: receiver.url, secret: "short" },
    ])
      expect((await send(key, "POST", "/notice-channels/webhooks", body)).status).toBe(400);
  });
});
