import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createTransport } from "nodemailer";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { type SandboxService, startSandboxService } from "./start-sandbox-service.ts";

let dataDir: string;
let service: SandboxService;
const start = () =>
  startSandboxService({
    host: "127.0.0.1",
    httpPort: 0,
    smtpPort: 0,
    dataDir,
    now: () => new Date("2026-01-02T03:04:05.000Z"),
  });

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), "orca-sandbox-"));
  service = await start();
});
afterEach(async () => {
  await service.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const AnswerSchema = z.record(z.string(), z.json());
async function call(
  method: string,
  route: string,
  body?: object,
  headers: Record<string, string> = {},
) {
  const answer = await fetch(`${service.baseUrl}${route}`, {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    status: answer.status,
    replayed: answer.headers.get("idempotency-replayed"),
    body: AnswerSchema.parse(await answer.json()),
  };
}
const charge = { customer: "Ada", amount_cents: 1250, currency: "EUR", reference: "inv-1" };

test("a payment under one key is charged once, and the repetition gets the first answer", async () => {
  const first = await call("POST", "/payments", charge, { "idempotency-key": "k1" });
  const second = await call("POST", "/payments", charge, { "idempotency-key": "k1" });
  expect([first.status, first.replayed, second.status, second.replayed]).toEqual([
    201,
    null,
    201,
    "true",
  ]);
  expect(second.body).toEqual(first.body);
  expect((await call("GET", "/payments")).body["payments"]).toHaveLength(1);
  expect((await call("GET", "/effects/k1")).body).toMatchObject({
    calls: 2,
    operation: "POST /payments",
    state: "recorded",
  });
});

test("the same key with another body is refused with 409", async () => {
  await call("POST", "/payments", charge, { "idempotency-key": "k1" });
  const other = await call(
    "POST",
    "/payments",
    { ...charge, amount_cents: 1 },
    { "idempotency-key": "k1" },
  );
  expect(other.status).toBe(409);
  expect(other.body).toMatchObject({ error: { code: "idempotency_conflict" } });
});

test("without a key every call counts", async () => {
  await call("POST", "/tickets", { title: "A" });
  await call("POST", "/tickets", { title: "A" });
  expect((await call("GET", "/tickets?state=open")).body["tickets"]).toHaveLength(2);
});

test("a ticket is closed and a payment refunded once; unknown ones are not found", async () => {
  await call("POST", "/tickets", { title: "Broken" });
  await call("POST", "/payments", charge);
  expect((await call("POST", "/tickets/tkt_1/close", { resolution: "fixed" })).body).toMatchObject({
    state: "closed",
    resolution: "fixed",
  });
  expect((await call("POST", "/tickets/tkt_1/close", { resolution: "again" })).body).toMatchObject({
    resolution: "fixed",
  });
  expect((await call("POST", "/payments/pay_1/refund", { reason: "wrong" })).body).toMatchObject({
    state: "refunded",
  });
  expect((await call("POST", "/tickets/tkt_9/close", {})).status).toBe(404);
  expect((await call("POST", "/payments/pay_9/refund", {})).status).toBe(404);
});

const transport = () =>
  createTransport({ host: "127.0.0.1", port: service.smtpPort, secure: false, ignoreTLS: true });
const mail = {
  from: "orca@example.com",
  to: "ada@example.com, bob@example.com",
  subject: "Grüße",
  text: "Hello <b>Ada</b>",
};

test("a mail by SMTP arrives once per key, is listed per recipient, and another text under its key is refused", async () => {
  await transport().sendMail({ ...mail, headers: { "X-Idempotency-Key": "m1" } });
  await transport().sendMail({ ...mail, headers: { "X-Idempotency-Key": "m1" } });
  const { mails } = (await call("GET", "/mails?to=ada@example.com")).body;
  expect(mails).toMatchObject([
    { subject: "Grüße", text: "Hello <b>Ada</b>", to: ["ada@example.com", "bob@example.com"] },
  ]);
  expect((await call("GET", "/mails?to=eve@example.com")).body["mails"]).toEqual([]);
  expect((await call("GET", "/effects/m1")).body).toMatchObject({ calls: 2 });
  await expect(
    transport().sendMail({ ...mail, text: "other", headers: { "X-Idempotency-Key": "m1" } }),
  ).rejects.toThrow("550");
});

test("what arrived survives a restart, and a line that a kill cut short is dropped", async () => {
  await call("POST", "/tickets", { title: "Kept" }, { "idempotency-key": "k1" });
  await service.stop();
  const file = path.join(dataDir, "sandbox.jsonl");
  await writeFile(file, `${await readFile(file, "utf8")}{"ticket":{"id":"tkt`);
  service = await start();
  expect((await call("GET", "/tickets")).body["tickets"]).toMatchObject([
    { id: "tkt_1", title: "Kept" },
  ]);
  expect(
    (await call("POST", "/tickets", { title: "Kept" }, { "idempotency-key": "k1" })).replayed,
  ).toBe("true");
  expect((await readFile(file, "utf8")).endsWith("\n")).toBe(true);
});

test("the page shows what arrived with everything escaped, and allows no script", async () => {
  await call("POST", "/tickets", { title: "<script>alert(1)</script>" });
  const answer = await fetch(service.baseUrl);
  const html = await answer.text();
  expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  expect(html).not.toContain("<script");
  expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
});

test("a wrong body, type, method, path or host is refused with a reason", async () => {
  expect((await call("POST", "/payments", { ...charge, amount_cents: -1 })).body).toMatchObject({
    error: { code: "invalid_request" },
  });
  expect((await call("PUT", "/payments", charge)).status).toBe(405);
  expect((await call("GET", "/nothing")).status).toBe(404);
  const form = await fetch(`${service.baseUrl}/tickets`, {
    method: "POST",
    headers: { "content-type": "text/plain" },
    body: "{}",
  });
  expect(form.status).toBe(415);
  expect(await statusForHost("evil.example")).toBe(421);
});

async function statusForHost(host: string): Promise<number> {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    request(`${service.baseUrl}/tickets`, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}
