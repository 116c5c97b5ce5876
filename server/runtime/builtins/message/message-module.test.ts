import { expect, test } from "vitest";
import type { JsonObject } from "../../../../core/json.ts";
import { makeBuiltinContext } from "../testing/make-builtin-context.ts";
import { MESSAGE_MODULE } from "./message-module.ts";

const context = makeBuiltinContext({ idempotencyKey: "k" });
async function call(name: string, input: JsonObject): Promise<JsonObject> {
  const builtin = MESSAGE_MODULE[name];
  if (builtin === undefined) throw new Error(`no function ${name}`);
  return builtin(input, context);
}

test("format lays data out in each form and escapes HTML", async () => {
  const data = { total_sum: 3, names: ["Ada", "Bob"] };
  expect((await call("format", { data })).text).toBe("total sum: 3\nnames: Ada; Bob");
  expect((await call("format", { data: { rows: [{ a: 1 }] }, format: "markdown" })).text).toContain(
    "| a |",
  );
  expect((await call("format", { data: { x: "<i>" }, format: "html" })).text).toBe(
    "<p><strong>x:</strong> &lt;i&gt;</p>",
  );
  await expect(call("format", { data, format: "pdf" })).rejects.toMatchObject({
    code: "invalid_request",
  });
});

test("generate_document arranges what it is given and no more", async () => {
  expect(
    await call("generate_document", {
      instruction: "Title",
      context: "Opening.",
      sections: [{ heading: "One", text: "First." }],
    }),
  ).toMatchObject({
    document: "# Title\n\nOpening.\n\n## One\n\nFirst.",
    word_count: 4,
    status: "ok",
  });
  expect(await call("generate_document", { instruction: "T" })).toMatchObject({
    status: "partial",
  });
  expect((await call("generate_document", { instruction: "<T>", format: "html" })).document).toBe(
    "<h1>&lt;T&gt;</h1>",
  );
});

test("a notification to a name is put on the list once per ledger key; to an address it needs the mail service", async () => {
  await call("send", { recipient: "on-call", message: "Look" });
  await call("send", { recipient: "on-call", message: "Look" });
  expect(await context.records.list("notifications", 9)).toMatchObject([
    { value: { recipient: "on-call", message: "Look" } },
  ]);
  await expect(
    call("send", { recipient: "ada@example.com", message: "Look" }),
  ).rejects.toMatchObject({ code: "unavailable" });
});
