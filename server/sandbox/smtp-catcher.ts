import type { AddressInfo } from "node:net";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer, type SMTPServerDataStream } from "smtp-server";
import { performOnce } from "./perform-once.ts";
import type { Mail } from "./sandbox-records.ts";
import type { SandboxStore } from "./sandbox-store.ts";

const MAX_MAIL_BYTES = 10 * 1024 * 1024;

/**
 * Takes mail by SMTP for anyone and keeps it. A message is known by its `X-Idempotency-Key`, else its Message-ID: again with the same content it is
 * accepted and not kept twice, with other content refused (550). Without TLS and sign-in: it belongs on loopback.
 */
export async function startSmtpCatcher(
  store: SandboxStore,
  options: { host: string; port: number; now: () => Date },
): Promise<{ port: number; stop(): Promise<void> }> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    logger: false,
    disableReverseLookup: true,
    size: MAX_MAIL_BYTES,
    closeTimeout: 500,
    onData(stream, session, done) {
      const recipients = session.envelope.rcptTo.map((recipient) =>
        recipient.address.toLowerCase(),
      );
      const answer = async () => done(await take(stream, recipients));
      void answer();
    },
  });
  const keep = async (stream: SMTPServerDataStream, recipients: string[]) => {
    const raw: Buffer[] = [];
    for await (const chunk of stream) raw.push(Buffer.from(chunk));
    if (stream.sizeExceeded) throw refusal(552, "The message is larger than 10 MiB.");
    const email = await PostalMime.parse(Buffer.concat(raw), {
      maxNestingDepth: 50,
      maxHeadersSize: 256 * 1024,
    });
    const { httpStatus } = keepOnce(store, email, recipients, options.now().toISOString());
    if (httpStatus === 409)
      throw refusal(550, "This idempotency key was used before for another message.");
  };
  /** What is to be told the sender: null when the message was taken. */
  const take = (stream: SMTPServerDataStream, recipients: string[]): Promise<Error | null> =>
    keep(stream, recipients).then(
      () => null,
      (error: unknown) =>
        error instanceof Error ? error : new Error("The message was not taken."),
    );
  // A connection that breaks off is the sender's affair; without a listener it would end the process.
  server.on("error", () => {});
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  return {
    port: portOf(server.server.address()),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function keepOnce(store: SandboxStore, email: Email, recipients: string[], at: string) {
  const header = (name: string) =>
    email.headers.find((candidate) => candidate.key === name)?.value ?? null;
  const messageId = email.messageId ?? "";
  const key = header("x-idempotency-key") ?? (messageId === "" ? null : messageId);
  const text = (email.text ?? email.html ?? "").trimEnd();
  const from = email.from?.address ?? "";
  const body = { from, to: recipients, subject: email.subject ?? "", text };
  return performOnce(store, { key, operation: "SMTP message", body, at }, () => {
    const mail: Mail = {
      id: `mail_${store.mails.size + 1}`,
      message_id: messageId,
      ...body,
      idempotency_key: key,
      run_id: header("x-orca-run"),
      received_at: at,
    };
    return { httpStatus: 250, answer: { id: mail.id, message_id: messageId }, change: { mail } };
  });
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string")
    throw new Error("The mail catcher has no port.");
  return address.port;
}
