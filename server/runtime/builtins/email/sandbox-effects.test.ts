import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../../core/json.ts";
import {
  type SandboxService,
  startSandboxService,
} from "../../../sandbox/start-sandbox-service.ts";
import type { BuiltinContext, BuiltinModule } from "../builtin.ts";
import { makeBuiltinContext } from "../testing/make-builtin-context.ts";
import { TICKET_MODULE } from "../ticket/ticket-module.ts";
import { EMAIL_MODULE } from "./email-module.ts";

let service: SandboxService;
beforeEach(async () => {
  service = await startSandboxService({
    host: "127.0.0.1",
    httpPort: 0,
    smtpPort: 0,
    dataDir: null,
    now: () => new Date(),
  });
});
afterEach(() => service.stop());

function contextWith(overrides: Partial<BuiltinContext> = {}): BuiltinContext {
  return makeBuiltinContext({
    sandbox: service,
    fetch: async (url, init) => {
      const answer = await fetch(url, init);
      return {
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: new Uint8Array(await answer.arrayBuffer()),
        url,
      };
    },
    ...overrides,
  });
}

async function call(
  module: BuiltinModule,
  name: string,
  input: JsonObject,
  overrides: Partial<BuiltinContext> = {},
): Promise<JsonObject> {
  const builtin = module[name];
  if (builtin === undefined) throw new Error(`no function ${name}`);
  return builtin(input, contextWith(overrides));
}
const mail = { to: "ada@example.com, bob@example.com", subject: "Hi", body: "Grüße" };

describe("mail", () => {
  test("sent twice under one ledger key arrives once", async () => {
    const first = await call(EMAIL_MODULE, "send", mail, { idempotencyKey: "k1" });
    const second = await call(EMAIL_MODULE, "send", mail, { idempotencyKey: "k1" });
    expect(second).toEqual(first);
    expect(first).toMatchObject({ sent: true, recipients: ["ada@example.com", "bob@example.com"] });
    const inbox = await call(EMAIL_MODULE, "read_inbox", { mailbox: "bob@example.com" });
    expect(inbox).toMatchObject({ messages: [{ subject: "Hi", text: "Grüße" }], total: 1 });
  });

  test("of another content under the same key is refused", async () => {
    await call(EMAIL_MODULE, "send", mail, { idempotencyKey: "k1" });
    await expect(
      call(EMAIL_MODULE, "send", { ...mail, body: "Other" }, { idempotencyKey: "k1" }),
    ).rejects.toMatchObject({ code: "upstream_failure" });
  });

  test.each([
    "",
    "nobody",
    "a@b, c",
    "a@example.com\r\nBcc: eve@example.com",
    '"x" <a@example.com>',
  ])("to %j is refused before anything is sent", async (to) => {
    await expect(call(EMAIL_MODULE, "send", { ...mail, to })).rejects.toMatchObject({
      code: "invalid_request",
    });
    expect(await call(EMAIL_MODULE, "read_inbox", { mailbox: "inbox" })).toMatchObject({
      total: 0,
    });
  });

  test("cannot add headers through its subject", async () => {
    await call(EMAIL_MODULE, "send", { ...mail, subject: "Hi\r\nBcc: eve@example.com" });
    expect(await call(EMAIL_MODULE, "read_inbox", { mailbox: "eve@example.com" })).toMatchObject({
      total: 0,
    });
    expect(await call(EMAIL_MODULE, "read_inbox", { mailbox: "ada@example.com" })).toMatchObject({
      total: 1,
    });
  });

  test("without the service cannot be sent, and no mailbox is made up", async () => {
    await expect(call(EMAIL_MODULE, "send", mail, { sandbox: null })).rejects.toMatchObject({
      code: "unavailable",
    });
    expect(
      await call(EMAIL_MODULE, "read_inbox", { mailbox: "inbox" }, { sandbox: null }),
    ).toMatchObject({ messages: [], status: "partial" });
    await expect(
      call(EMAIL_MODULE, "send", mail, { sandbox: { ...service, smtpPort: 9 } }),
    ).rejects.toMatchObject({ code: "upstream_failure" });
  });
});

describe("tickets", () => {
  test("are opened once per ledger key, listed by state, and closed", async () => {
    const first = await call(
      TICKET_MODULE,
      "create",
      { title: "A", priority: "high" },
      { idempotencyKey: "t1" },
    );
    expect(
      await call(
        TICKET_MODULE,
        "create",
        { title: "A", priority: "high" },
        { idempotencyKey: "t1" },
      ),
    ).toMatchObject({ ticket_id: first["ticket_id"] ?? "" });
    expect(await call(TICKET_MODULE, "list", { state: "open" })).toMatchObject({ total: 1 });
    expect(
      await call(TICKET_MODULE, "close", {
        ticket_id: first["ticket_id"] ?? "",
        resolution: "done",
      }),
    ).toMatchObject({ closed: true });
    expect(await call(TICKET_MODULE, "list", { state: "open" })).toMatchObject({ total: 0 });
  });

  test("that are refused say why in the service's words", async () => {
    await call(TICKET_MODULE, "create", { title: "A" }, { idempotencyKey: "t1" });
    await expect(
      call(TICKET_MODULE, "create", { title: "B" }, { idempotencyKey: "t1" }),
    ).rejects.toMatchObject({ code: "idempotency_conflict" });
    await expect(call(TICKET_MODULE, "close", { ticket_id: "tkt_9" })).rejects.toMatchObject({
      code: "not_found",
      message: 'There is no ticket "tkt_9".',
    });
    await expect(call(TICKET_MODULE, "create", { title: "" })).rejects.toMatchObject({
      code: "invalid_request",
    });
  });
});
