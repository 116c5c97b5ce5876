import { spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { isIP } from "node:net";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { FAILURES_TO_OPEN, OPEN_MS } from "../../core/breaker.ts";
import { PERMISSIONS } from "../../core/permissions.ts";
import { sendNoticeMail } from "./send-notice-mail.ts";
import { pruneNotices } from "./prune-notices.ts";
import {
  AddedWebhookSchema,
  ChannelListSchema,
  ChannelTestSchema,
  NoticeDeliverySchema,
} from "../api/notice-schemas.ts";
import { ApprovalSummarySchema } from "../api/approval-schemas.ts";
import { listOf } from "../api/list-schemas.ts";
import { EMPTY_REGISTRY } from "../api/testing/empty-registry.ts";
import { startTestApi, type TestApi } from "../api/testing/start-test-api.ts";
import { claimDueDeliveries } from "../database/claim-deliveries.ts";
import {
  findDeliveryRow,
  insertDeliveries,
  settleDelivery,
} from "../database/notice-delivery-repository.ts";
import { listNewNotices } from "../database/notice-repository.ts";
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
import { MAX_OF_RECEIVER, MAX_OF_TENANT } from "./delivery-places.ts";
import { NoticeCourier, type CourierParts } from "./notice-courier.ts";
import { NoticeSender, type SenderParts } from "./notice-sender.ts";
import { startSilentMailServer } from "./testing/silent-mail-server.ts";

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

const ADDRESSES: Record<string, string[]> = {
  "metadata.internal.example": ["169.254.169.254"],
  "inside.example": ["10.0.0.8", "fd12::8"],
  "both.example": ["10.0.0.8", "93.184.216.34"],
};
const resolveHost = (hostname: string) => {
  const found = ADDRESSES[hostname];
  if (found === undefined) return Promise.reject(new Error(`ENOTFOUND ${hostname}`));
  return Promise.resolve(found.map((address) => ({ address, family: isIP(address) })));
};

let api: TestApi;
let runtime: Runtime;
let probe: RunProbe;
let key: string;
let receiver: LoopbackServer;
let answer: (request: SeenRequest, response: ServerResponse) => void;
let couriers: NoticeCourier[] = [];
const guard = createNetworkGuard();

beforeAll(async () => {
  api = await startTestApi({
    registry: EMPTY_REGISTRY,
    catalog,
    resolveHost,
    mail: { url: "smtp://127.0.0.1:9", from: "orca@example.com" },
  });
  await api.addTenant(INLINE_TENANT);
  await api.database.prisma.environment.create({
    data: { tenantId: INLINE_TENANT, name: "strict" },
  });
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

function startCourier({
  mail = null,
  attemptTimeoutMs,
  ...more
}: Partial<CourierParts> &
  Partial<Pick<SenderParts, "mail" | "attemptTimeoutMs">> = {}): NoticeCourier {
  const seal = createSeal(KEY);
  const courier = new NoticeCourier({
    database: api.database,
    sender: new NoticeSender({
      database: api.database,
      guard,
      seal,
      mail,
      now: Date.now,
      ...(attemptTimeoutMs === undefined ? {} : { attemptTimeoutMs }),
    }),
    retention: { deliveredDays: 7, deadDays: 30 },
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

async function send(who: string, method: string, path: string, body?: object, headers?: object) {
  const response = await fetch(`${api.baseUrl}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${who}`, "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const told: unknown = await response.json();
  return {
    status: response.status,
    told,
    isReplayed: response.headers.has("idempotency-replayed"),
  };
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

/** Deliveries as a fan-out leaves them, due at once. */
async function addDeliveries(
  tenantId: string,
  channelId: string,
  count: number,
): Promise<string[]> {
  const batch = randomUUID();
  const made = Array.from({ length: count }, (_, index) => ({
    tenant_id: tenantId,
    delivery_id: `dlv_${batch}_${index}`,
    notice_id: `ntc_${batch}_${index}`,
    channel_id: channelId,
    type: "approval.requested" as const,
    run_id: "run_0",
    sequence: index + 1,
    environment: "dev",
    body: "{}",
  }));
  await insertDeliveries(api.database, made);
  return made.map(({ delivery_id: id }) => id);
}

/** Until the couriers have taken what they were going to take: what is due after it has arrived elsewhere, twice. */
async function othersArrive(): Promise<void> {
  await using other = await startLoopbackServer((_request, response) =>
    response.writeHead(204).end(),
  );
  const { channel } = await addWebhook({ url: other.url, types: ["approval.expiring"] });
  for (const count of [1, 2]) {
    await addDeliveries(INLINE_TENANT, channel.channel_id, 1);
    await expect.poll(() => other.seen.length, soon).toBe(count);
  }
}

const statuses = async () => (await deliveries()).map(({ status }) => status);
const idsOf = (requests: readonly SeenRequest[]) =>
  requests.map(({ headers }) => headers["webhook-id"]);
const soon = { timeout: 20_000, interval: 20 };

/** Whether calls of the environment `dev` may reach this machine. */
const setPrivate = (isAllowed: boolean) =>
  api.database.pool.query(
    "UPDATE environments SET settings = settings || $2 WHERE tenant_id = $1 AND name = 'dev'",
    [INLINE_TENANT, JSON.stringify({ allow_private_network: isAllowed })],
  );

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

/** Has PostgreSQL count every insert of a notice about an approval that expires, those included that come to nothing. */
const countInserts = () =>
  api.database.pool.query(`
    CREATE SEQUENCE expiring_inserts;
    CREATE FUNCTION count_insert() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM nextval('expiring_inserts'); RETURN NEW; END $$;
    CREATE TRIGGER count_insert BEFORE INSERT ON notices FOR EACH ROW
      WHEN (NEW.type = 'approval.expiring') EXECUTE FUNCTION count_insert()`);

async function expiringInserts(): Promise<number> {
  const { rows } = await api.database.pool.query<{ last_value: string }>(
    "SELECT last_value FROM expiring_inserts",
  );
  return Number(rows[0]?.last_value);
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
    expect((await deliveries())[0]).toMatchObject({ reason: "Pay?", skill_id: "test.ask" });
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

describe("a webhook to an address that may not be reached", () => {
  const add = async (body: object) => {
    const path = "/notice-channels/webhooks";
    const { status, told } = await send(key, "POST", path, { name: "wrong", ...body });
    return { status, told };
  };
  const refusedAs = (addressClass: string) => ({
    status: 400,
    told: {
      error: {
        code: "invalid_request",
        details: { reason: "refused_address", address_class: addressClass },
      },
    },
  });

  test.each([
    "http://169.254.169.254/latest/meta-data",
    "http://2852039166/",
    "https://[::ffff:a9fe:a9fe]/",
    "http://[fd00:ec2::254]/",
    "https://metadata.internal.example/",
  ])("of metadata is refused, whatever the environment allows: %s", async (url) => {
    expect(await add({ url })).toMatchObject(refusedAs("metadata"));
  });

  test.each([
    "http://127.0.0.1:8080/",
    "http://169.254.1.1/",
    "http://10.0.0.8/",
    "https://[fe80::1]/",
    "https://inside.example/",
  ])("inside is refused where no environment of the channel allows it: %s", async (url) => {
    expect(await add({ url, environment: "strict" })).toMatchObject(refusedAs("private"));
    expect((await add({ url, environment: "dev" })).status).toBe(201);
    expect((await add({ url })).status).toBe(201);
  });

  test("is refused when it is switched on again too, and where only a name leads elsewhere it is not", async () => {
    expect((await add({ url: "https://both.example/", environment: "strict" })).status).toBe(201);
    expect((await add({ url: "https://nowhere.example/", environment: "strict" })).status).toBe(
      201,
    );
    const { channel } = await addWebhook({ environment: "dev" });
    const path = `/notice-channels/${channel.channel_id}/switch`;
    await send(key, "POST", path, { is_enabled: false });
    await setPrivate(false);
    expect(await send(key, "POST", path, { is_enabled: true })).toMatchObject(refusedAs("private"));
    expect((await send(key, "POST", path, { is_enabled: false })).status).toBe(200);
    await setPrivate(true);
    expect((await send(key, "POST", path, { is_enabled: true })).status).toBe(200);
  });
});

describe("couriers are shared fairly:", () => {
  const patient = { attemptTimeoutMs: 600_000, attemptLeaseMs: 600_000 };

  test("a tenant whose receivers accept and never answer does not keep another tenant's notice", async () => {
    let hanging = 0;
    await using silent = await startLoopbackServer(() => void (hanging += 1));
    const tenantId = `silent${Date.now()}`;
    await api.addTenant(tenantId);
    const stranger = await api.addKey(tenantId, PERMISSIONS);
    for (const name of ["one", "two", "three"]) {
      const body = { name, url: silent.url };
      const { told } = await send(stranger, "POST", "/notice-channels/webhooks", body);
      await addDeliveries(tenantId, AddedWebhookSchema.parse(told).channel.channel_id, 200);
    }
    await addWebhook();
    startCourier(patient);
    await expect.poll(() => hanging, soon).toBeGreaterThanOrEqual(MAX_OF_TENANT);
    await asked();
    await expect.poll(statuses, soon).toEqual(["delivered"]);
    expect(hanging).toBe(MAX_OF_TENANT);
  });

  test("new notices are taken tenant by tenant, however many of one are older", async () => {
    await api.database.pool.query(
      `INSERT INTO notices (tenant_id, notice_id, type, run_id, sequence, occurred_at)
       SELECT 'busy', 'ntc_busy_' || i, 'approval.requested', 'run_0', i, now() - interval '1 day'
       FROM generate_series(1, 300) i
       UNION ALL SELECT 'quiet', 'ntc_quiet', 'approval.requested', 'run_0', 1, now()`,
    );
    const taken = (await listNewNotices(api.database, 20)).map(({ notice_id: id }) => id);
    expect(taken).toHaveLength(20);
    expect(taken).toContain("ntc_quiet");
    await api.database.pool.query("DELETE FROM notices WHERE tenant_id IN ('busy', 'quiet')");
  });

  test("a receiver that never answers does not keep the tenant's other notices", async () => {
    let hanging = 0;
    await using silent = await startLoopbackServer(() => void (hanging += 1));
    const { channel } = await addWebhook({ url: silent.url, types: ["approval.expiring"] });
    await addDeliveries(INLINE_TENANT, channel.channel_id, 200);
    await addWebhook();
    startCourier(patient);
    await asked();
    await expect.poll(async () => (await deliveries("?status=delivered")).length, soon).toBe(1);
    expect(hanging).toBe(MAX_OF_RECEIVER);
  });

  test("a receiver that keeps failing is left alone, and asked now and then whether it is back", async () => {
    let clock = 0;
    let isBack = false;
    const { channel } = await addWebhook();
    answer = (_request, response) => void response.writeHead(isBack ? 204 : 500).end();
    await addDeliveries(INLINE_TENANT, channel.channel_id, 40);
    startCourier({ now: () => clock });
    const triedUntilItRests = FAILURES_TO_OPEN + MAX_OF_RECEIVER;
    await expect.poll(() => receiver.seen.length, soon).toBeGreaterThanOrEqual(FAILURES_TO_OPEN);
    await othersArrive();
    const tried = receiver.seen.length;
    expect(tried).toBeLessThan(triedUntilItRests);
    clock += OPEN_MS;
    await expect.poll(() => receiver.seen.length, soon).toBe(tried + 1);
    await othersArrive();
    expect(receiver.seen).toHaveLength(tried + 1);
    isBack = true;
    clock += OPEN_MS;
    const arrived = async () =>
      (await deliveries("?status=delivered&limit=100")).filter(
        ({ channel_id: id }) => id === channel.channel_id,
      );
    await expect.poll(arrived, soon).toHaveLength(40);
  });
});

describe("a mail server that greets and then says nothing", () => {
  const addEmail = () =>
    send(key, "POST", "/notice-channels/emails", { name: "team", recipients: ["a@example.com"] });

  test("has failed after the timeout: the notice is tried again, and given up after its attempts", async () => {
    await using silent = await startSilentMailServer();
    await addEmail();
    startCourier({ mail: silent.mail, attemptTimeoutMs: 100 });
    await asked();
    await expect.poll(statuses, soon).toEqual(["dead"]);
    expect((await deliveries())[0]).toMatchObject({
      attempts: 3,
      last_error: "The mail server did not take the message.",
    });
    expect(silent.greeted()).toBe(3);
    await expect.poll(silent.open, soon).toBe(0);
  });

  test("does not hold up a process that stops, and the notice stays for the next one", async () => {
    await using silent = await startSilentMailServer();
    await addEmail();
    const courier = startCourier({ mail: silent.mail, attemptTimeoutMs: 600_000 });
    await asked();
    await expect.poll(silent.greeted, soon).toBe(1);
    let isStopped = false;
    void courier.stop().then(() => (isStopped = true));
    await expect.poll(() => isStopped, soon).toBe(true);
    await expect.poll(silent.open, soon).toBe(0);
    expect(await statuses()).toEqual(["pending"]);
  });
});

describe("a notice whose attempt outlived its lease", () => {
  const limits = { room: 1, maxOfTenant: 1, maxOfReceiver: 1, receivers: [] };
  const delivered = { kind: "delivered", lastStatus: 204 } as const;
  const failed = { kind: "failed", lastStatus: null, error: "late" } as const;

  test.each([
    ["dead", null],
    ["pending", 60_000],
  ])("counts as delivered though a later attempt made it %s", async (status, retryAfterMs) => {
    const [id = ""] = await addDeliveries(INLINE_TENANT, "chn_slow", 1);
    const stateOf = async () => (await findDeliveryRow(api.database, INLINE_TENANT, id))?.status;
    const claim = () => claimDueDeliveries(api.database, limits, 0);
    const claims = [...(await claim()), ...(await claim())];
    const [first, second] = claims;
    if (first === undefined || second === undefined) throw new Error("not claimed twice");
    expect(claims.map(({ delivery_id }) => delivery_id)).toEqual([id, id]);
    await settleDelivery(api.database, second, { ...failed, retryAfterMs });
    expect(await stateOf()).toBe(status);
    await settleDelivery(api.database, first, delivered);
    expect(await stateOf()).toBe("delivered");
    for (const claimed of claims)
      await settleDelivery(api.database, claimed, { ...failed, retryAfterMs });
    expect(await stateOf()).toBe("delivered");
  });
});

describe("a channel under an Idempotency-Key", () => {
  const add = (kind: string, body: object, idempotencyKey: string, who = key) =>
    send(who, "POST", `/notice-channels/${kind}`, body, { "idempotency-key": idempotencyKey });
  const listed = async () => {
    const { told } = await send(key, "GET", "/notice-channels");
    return ChannelListSchema.parse(told).items.map(({ channel_id: id }) => id);
  };

  test("is made once, and the repetition is told the same, the secret included", async () => {
    const body = { name: "ours", url: receiver.url };
    const calls = await Promise.all([1, 2, 3].map(() => add("webhooks", body, "k-webhook")));
    expect(calls.map(({ status }) => status)).toEqual([201, 201, 201]);
    const [first, ...others] = calls.map(({ told }) => AddedWebhookSchema.parse(told));
    expect(others).toEqual([first, first]);
    expect(await listed()).toEqual([first?.channel.channel_id]);
    const again = await add("webhooks", body, "k-webhook");
    expect(again).toEqual({ status: 201, told: first, isReplayed: true });
    const mail = { name: "team", recipients: ["team@example.com"] };
    const sent = await add("emails", mail, "k-email");
    expect(await add("emails", mail, "k-email")).toEqual({ ...sent, isReplayed: true });
    expect(await listed()).toHaveLength(2);
  });

  test("is refused under a key of another call, which is named; another tenant's keys are its own", async () => {
    const body = { name: "ours", url: receiver.url };
    const first = AddedWebhookSchema.parse((await add("webhooks", body, "k-taken")).told);
    const details = { channel_id: first.channel.channel_id };
    const conflict = {
      status: 409,
      told: { error: { code: "idempotency_conflict", details } },
    };
    expect(await add("webhooks", { ...body, name: "x" }, "k-taken")).toMatchObject(conflict);
    const mail = { name: "ours", recipients: ["team@example.com"] };
    expect(await add("emails", mail, "k-taken")).toMatchObject(conflict);
    const tenantId = `keys${Date.now()}`;
    await api.addTenant(tenantId);
    const stranger = await api.addKey(tenantId, PERMISSIONS);
    const theirs = AddedWebhookSchema.parse(
      (await add("webhooks", body, "k-taken", stranger)).told,
    );
    expect(theirs.channel.channel_id).not.toBe(first.channel.channel_id);
  });

  test("that was refused gives its key back", async () => {
    const wrong = { name: "ours", url: "ftp://example.com" };
    expect((await add("webhooks", wrong, "k-refused")).status).toBe(400);
    expect((await add("webhooks", { ...wrong, url: receiver.url }, "k-refused")).status).toBe(201);
  });
});

describe("a test of a channel", () => {
  const tested = async (channelId: string) => {
    const { status, told } = await send(key, "POST", `/notice-channels/${channelId}/test`, {});
    expect(status).toBe(200);
    return ChannelTestSchema.parse(told);
  };

  test("is sent at once, signed, and says what became of it", async () => {
    const { secret, channel } = await addWebhook();
    expect(await tested(channel.channel_id)).toMatchObject({
      is_delivered: true,
      last_status: 204,
      problem: null,
    });
    const [request] = receiver.seen;
    expect(request === undefined ? false : isGenuine(request, secret)).toBe(true);
    expect(JSON.parse(request?.body ?? "")).toMatchObject({
      type: "channel.test",
      data: { channel_id: channel.channel_id, channel_name: "ours" },
    });
    answer = (_request, response) => void response.writeHead(503).end();
    expect(await tested(channel.channel_id)).toMatchObject({
      is_delivered: false,
      last_status: 503,
      problem: "The receiver answered 503.",
    });
    await setPrivate(false);
    const refused = await tested(channel.channel_id);
    await setPrivate(true);
    expect(refused).toMatchObject({ is_delivered: false, last_status: null });
    expect(refused.problem).toContain("private");
    expect(await deliveries()).toEqual([]);
  });

  test("goes out by e-mail too, and says where no mail server takes it", async () => {
    const body = { name: "team", recipients: ["team@example.com"] };
    const { told } = await send(key, "POST", "/notice-channels/emails", body);
    const { channel } = z.object({ channel: z.object({ channel_id: z.string() }) }).parse(told);
    const outcome = await tested(channel.channel_id);
    expect(outcome).toMatchObject({ is_delivered: false, last_status: null });
    expect(outcome.problem).toContain("mail server");
  });
});

test("all notices that were given up are sent again at once, those of one channel or of all", async () => {
  const ours = await addWebhook();
  const other = await addWebhook({ name: "other" });
  const channels = [ours, other].map(({ channel }) => channel.channel_id);
  for (const id of channels) await addDeliveries(INLINE_TENANT, id, 3);
  await api.database.pool.query("UPDATE notice_deliveries SET status = 'dead', settled_at = now()");
  const again = async (body: object, who = key) =>
    (await send(who, "POST", "/notices/redeliver", body)).told;
  const tenantId = `again${Date.now()}`;
  await api.addTenant(tenantId);
  const stranger = await api.addKey(tenantId, PERMISSIONS);
  expect(await again({ channel_id: channels[0] }, stranger)).toEqual({ count: 0 });
  expect(await again({}, stranger)).toEqual({ count: 0 });
  expect(await again({ channel_id: channels[0] })).toEqual({ count: 3 });
  expect(await again({})).toEqual({ count: 3 });
  startCourier();
  await expect.poll(statuses, soon).toEqual(Array.from({ length: 6 }, () => "delivered"));
});

describe("what is old is removed:", () => {
  const age = (query: string, values: unknown[]) => api.database.pool.query(query, values);
  const left = async () => {
    const { rows } = await api.database.pool.query<{ delivery_id: string }>(
      "SELECT delivery_id FROM notice_deliveries WHERE status <> 'pending' ORDER BY delivery_id",
    );
    return rows.map(({ delivery_id: id }) => id);
  };
  /** Deliveries that came to this end so many days ago. */
  const settled = async (status: "delivered" | "dead", days: number, count: number) => {
    const ids = await addDeliveries(INLINE_TENANT, `chn_${status}_${days}`, count);
    await age(
      `UPDATE notice_deliveries SET status = $1, settled_at = now() - make_interval(days => $2)
       WHERE delivery_id = ANY($3)`,
      [status, days, ids],
    );
    return ids;
  };

  test("deliveries after a week, those that were given up after a month, however many there are", async () => {
    await settled("delivered", 8, 1_100);
    const young = await settled("delivered", 6, 2);
    const dead = await settled("dead", 29, 2);
    await settled("dead", 31, 2);
    startCourier({ pruneIntervalMs: 20 });
    await expect.poll(left, soon).toEqual([...young, ...dead].toSorted());
  });

  test("notices a week after their deliveries were made, and none that nobody has looked at", async () => {
    const insert = (id: string, fannedOut: string) =>
      age(
        `INSERT INTO notices (tenant_id, notice_id, type, run_id, sequence, occurred_at, fanned_out_at)
         VALUES ('elsewhere', $1, 'approval.requested', 'run_0', 1, now() - interval '40 days', ${fannedOut})`,
        [id],
      );
    await insert("ntc_old", "now() - interval '8 days'");
    await insert("ntc_young", "now() - interval '6 days'");
    await insert("ntc_new", "NULL");
    const retention = { deliveredDays: 7, deadDays: 30 };
    await pruneNotices(api.database, retention, [], new AbortController().signal);
    const { rows } = await api.database.pool.query(
      "SELECT notice_id FROM notices WHERE tenant_id = 'elsewhere' ORDER BY notice_id",
    );
    expect(rows).toEqual([{ notice_id: "ntc_new" }, { notice_id: "ntc_young" }]);
  });

  test("what has waited a day for a receiver that rests is given up, and listed as such; what was asked for again is not", async () => {
    const [old = "", again = ""] = await addDeliveries(INLINE_TENANT, "chn_rests", 2);
    await age(
      `UPDATE notice_deliveries SET created_at = now() - interval '25 hours', opened_at = CASE WHEN delivery_id = $1
         THEN now() - interval '25 hours' ELSE now() END WHERE delivery_id = ANY($2)`,
      [old, [old, again]],
    );
    const retention = { deliveredDays: 7, deadDays: 30 };
    const resting = [{ tenant_id: INLINE_TENANT, channel_id: "chn_rests" }];
    await pruneNotices(api.database, retention, resting, new AbortController().signal);
    const known = await deliveries();
    const stateOf = (id: string) => known.find(({ delivery_id }) => delivery_id === id);
    expect(stateOf(old)).toMatchObject({
      status: "dead",
      last_error: expect.stringContaining("was not asked"),
    });
    expect(stateOf(again)).toMatchObject({ status: "pending" });
  });

  test("and what waited longer because no process was there is tried all the same", async () => {
    const { channel } = await addWebhook();
    await addDeliveries(INLINE_TENANT, channel.channel_id, 40);
    await age("UPDATE notice_deliveries SET opened_at = now() - interval '3 days'", []);
    await settled("delivered", 8, 1);
    const held: ServerResponse[] = [];
    answer = (_request, response) => void held.push(response);
    startCourier({ pruneIntervalMs: 20 });
    // Nothing is taken until a whole look for what is old is over.
    await expect.poll(left, soon).toEqual([]);
    answer = (_request, response) => void response.writeHead(204).end();
    for (const response of held) response.writeHead(204).end();
    const delivered = async () => (await deliveries("?status=delivered&limit=100")).length;
    await expect.poll(delivered, soon).toBe(40);
    expect(await deliveries("?status=dead")).toEqual([]);
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
    await countInserts();
    await expect.poll(typesSeen, soon).toEqual(["approval.reassigned", "approval.expiring"]);
    await othersArrive();
    expect(await expiringInserts()).toBe(1);
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
      await sendNoticeMail(
        { url, from: "orca@example.com" },
        {
          id: "tst_1",
          recipients: ["team@example.com"],
          body: JSON.stringify({ type: "channel.test", data: { channel_name: "our\nteam" } }),
          at: new Date(),
          timeoutMs: 10_000,
          signal: new AbortController().signal,
        },
      );
      expect(await (await fetch(`${sandbox.baseUrl}/mails`)).text()).toContain("Test: our team");
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
      ["POST", `/notice-channels/${id}/test`],
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
