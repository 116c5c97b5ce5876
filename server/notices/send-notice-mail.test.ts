import { expect, test } from "vitest";
import { sendNoticeMail } from "./send-notice-mail.ts";
import { startSilentMailServer } from "./testing/silent-mail-server.ts";

const soon = { timeout: 20_000, interval: 20 };

const mail = {
  id: "tst_1",
  recipients: ["team@example.com"],
  body: JSON.stringify({ type: "channel.test", data: { channel_name: "team" } }),
  at: new Date(),
};

test.each([
  ["says nothing", {}],
  ["talks for ever and comes to nothing", { chatterMs: 20 }],
])("a mail server that greets and then %s has failed after the timeout", async (_what, options) => {
  await using silent = await startSilentMailServer(options);
  const { signal } = new AbortController();
  await expect(
    sendNoticeMail(silent.mail, { ...mail, timeoutMs: 200, signal }),
  ).rejects.toMatchObject({ name: "TimeoutError" });
  await expect.poll(silent.open, soon).toBe(0);
});

test("who gives up waits no longer, and leaves no connection behind", async () => {
  await using silent = await startSilentMailServer();
  const caller = new AbortController();
  const reason = new Error("this process stops");
  const sent = sendNoticeMail(silent.mail, {
    ...mail,
    timeoutMs: 600_000,
    signal: caller.signal,
  });
  const refused = expect(sent).rejects.toBe(reason);
  await expect.poll(silent.greeted, soon).toBe(1);
  caller.abort(reason);
  await refused;
  await expect.poll(silent.open, soon).toBe(0);
});

test("a mail server that is not there has failed at once", async () => {
  const silent = await startSilentMailServer();
  await silent[Symbol.asyncDispose]();
  const { signal } = new AbortController();
  await expect(
    sendNoticeMail(silent.mail, { ...mail, timeoutMs: 600_000, signal }),
  ).rejects.toThrow("ECONNREFUSED");
});
