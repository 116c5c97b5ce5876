import { isJsonObject } from "../../../../core/json.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { callSandbox } from "../sandbox-service.ts";

/**
 * The newest messages that the sandbox service caught for `mailbox` (an address; `inbox` or `all` means everyone's), at most `limit` (20), as
 * `{id, from, to, subject, text, received_at}`. Without the service there is no mailbox: an empty list, `partial`.
 */
export const readInbox: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const mailbox = given.text("mailbox");
  const limit = given.whole("limit", 20, 1, 200);
  if (context.sandbox === null) {
    return {
      messages: [],
      total: 0,
      status: "partial",
      rationale: "No mail service is configured, so no mailbox could be read.",
    };
  }
  const everyone = ["inbox", "all", "*"].includes(mailbox.toLowerCase());
  const { mails } = await callSandbox(
    context,
    "GET",
    `/mails?limit=${limit}${everyone ? "" : `&to=${encodeURIComponent(mailbox)}`}`,
  );
  const messages = (Array.isArray(mails) ? mails : []).filter(isJsonObject).map((mail) => ({
    id: mail["id"] ?? "",
    from: mail["from"] ?? "",
    to: mail["to"] ?? [],
    subject: mail["subject"] ?? "",
    text: mail["text"] ?? "",
    received_at: mail["received_at"] ?? "",
  }));
  return {
    messages,
    total: messages.length,
    status: "ok",
    rationale: `Read ${messages.length} messages.`,
  };
};
