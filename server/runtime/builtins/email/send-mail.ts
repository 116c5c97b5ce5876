import { createHash } from "node:crypto";
import { createTransport } from "nodemailer";
import { DomainError } from "../../../../core/errors.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { getSandbox } from "../sandbox-service.ts";

const MAX_RECIPIENTS = 50;
const SENDER = "orca@sandbox.localhost";

/**
 * Sends one message by SMTP to the local sandbox service. The ledger key travels as `X-Idempotency-Key` and makes the Message-ID, so a
 * repeated call delivers nothing new. `to` holds one address or several with commas. Every failure before the server's 250 is an error.
 */
export const sendMail: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const to = readAddresses("to", given.text("to"));
  const cc = given.has("cc") ? readAddresses("cc", given.text("cc")) : [];
  const subject = given.text("subject");
  const key = context.idempotencyKey ?? context.randomId();
  const messageId = `<${createHash("sha256").update(key).digest("hex").slice(0, 32)}@sandbox.localhost>`;
  const mail = {
    from: given.text("from", SENDER),
    to,
    cc,
    subject,
    text: given.text("body"),
    messageId,
    date: context.now(),
    headers: { "X-Idempotency-Key": key, "X-Orca-Run": context.runId },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  await deliver(context, mail);
  return {
    sent: true,
    message_id: messageId,
    recipients: [...to, ...cc],
    status: "ok",
    rationale: `The mail server took the message for ${[...to, ...cc].join(", ")}.`,
  };
};

async function deliver(
  context: BuiltinContext,
  mail: Parameters<ReturnType<typeof createTransport>["sendMail"]>[0],
): Promise<void> {
  const { baseUrl, smtpPort } = getSandbox(context);
  const transport = createTransport({
    host: new URL(baseUrl).hostname,
    port: smtpPort,
    secure: false,
    ignoreTLS: true,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 15_000,
  });
  const stop = () => transport.close();
  context.signal.addEventListener("abort", stop, { once: true });
  try {
    await transport.sendMail(mail);
  } catch (error) {
    context.signal.throwIfAborted();
    throw new DomainError("upstream_failure", "The mail server did not take the message.", {
      hint: "Check that the sandbox service runs, and the addresses.",
      cause: error,
    });
  } finally {
    context.signal.removeEventListener("abort", stop);
    transport.close();
  }
}

function readAddresses(field: string, text: string): string[] {
  const addresses = text
    .split(",")
    .map((address) => address.trim())
    .filter((address) => address !== "");
  const wrong = addresses.find(
    (address) =>
      address.length > 254 || !/^[^\s@<>(),;:\\"[\]]{1,64}@[A-Za-z0-9.-]{1,253}$/.test(address),
  );
  if (addresses.length === 0 || wrong !== undefined) {
    throw new DomainError(
      "invalid_request",
      `"${wrong ?? ""}" in "${field}" is not an e-mail address.`,
      { hint: "Write name@example.com; several with commas.", details: { field } },
    );
  }
  if (addresses.length > MAX_RECIPIENTS)
    throw new DomainError(
      "invalid_request",
      `"${field}" names ${addresses.length} recipients; at most ${MAX_RECIPIENTS} are taken.`,
    );
  return addresses;
}
