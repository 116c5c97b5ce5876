import { Socket } from "node:net";
import { createTransport } from "nodemailer";
import SMTPTransport from "nodemailer/lib/smtp-transport/index.js";
import { z } from "zod";
import { NOTICE_TYPES, TEST_NOTICE, type NoticeType } from "../../core/notice.ts";

/** The mail server that notices go through. */
export type MailServer = { url: string; from: string };

const TestSchema = z.object({
  type: z.literal(TEST_NOTICE),
  data: z.object({ channel_name: z.string() }),
});
const ApprovalSchema = z.object({
  type: z.enum(NOTICE_TYPES),
  data: z.object({
    reason: z.string(),
    skill_id: z.string(),
    environment: z.string(),
    step_path: z.string(),
    risk: z.string(),
    approval_id: z.string(),
    expires_at: z.string().nullable(),
    url: z.string().nullable(),
  }),
});
const BodySchema = z.discriminatedUnion("type", [TestSchema, ApprovalSchema]);

const SUBJECTS: Record<NoticeType, string> = {
  "approval.requested": "Approval needed",
  "approval.reassigned": "Approval reassigned",
  "approval.expiring": "Approval due soon",
};

/**
 * One message in plain text. The delivery's id makes its Message-ID, the same at each attempt. Throws where it is not taken,
 * after `timeoutMs` in all or once `signal` aborts; the connection is closed by then.
 */
export async function sendNoticeMail(
  server: MailServer,
  mail: {
    id: string;
    recipients: readonly string[];
    body: string;
    at: Date;
    timeoutMs: number;
    signal: AbortSignal;
  },
): Promise<void> {
  const { subject, text } = toLetter(BodySchema.parse(JSON.parse(mail.body)));
  const signal = AbortSignal.any([mail.signal, AbortSignal.timeout(mail.timeoutMs)]);
  signal.throwIfAborted();
  // The transport knows only limits of silence, and its close() leaves a connection that is in use: this one is ours to end.
  const socket = new Socket();
  const transport = createTransport(
    new SMTPTransport({
      url: server.url,
      getSocket: ({ host = "localhost", port, secure }, callback) => {
        const fail = (error: Error) => callback(error, {});
        socket.once("error", fail);
        socket.connect(port ?? (secure === true ? 465 : 587), host, () => {
          socket.off("error", fail);
          callback(null, { connection: socket });
        });
      },
    }),
  );
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    const sent = transport.sendMail({
      from: server.from,
      to: [...mail.recipients],
      subject,
      text,
      messageId: `<${mail.id}@${server.from.split("@").at(-1)?.replace(">", "") ?? "orca"}>`,
      date: mail.at,
      headers: { "X-Idempotency-Key": mail.id },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    await Promise.race([sent, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
    transport.close();
    socket.destroy();
  }
}

function toLetter(body: z.output<typeof BodySchema>): { subject: string; text: string } {
  if (body.type === TEST_NOTICE) {
    const { channel_name: name } = body.data;
    const text = `Somebody tries the channel ${name}. Who gets this is told of approvals.\n`;
    return { subject: `Test: ${toLine(name)}`, text };
  }
  const { type, data } = body;
  const text = [
    data.reason,
    "",
    `Skill        ${data.skill_id}, step ${data.step_path}`,
    `Environment  ${data.environment}`,
    `Risk         ${data.risk}`,
    `Due          ${data.expires_at ?? "at any time"}`,
    `Approval     ${data.url ?? data.approval_id}`,
    "",
  ].join("\n");
  return { subject: `${SUBJECTS[type]}: ${toLine(data.reason)}`, text };
}

/** A line break would otherwise be the sender's to fold. */
function toLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").slice(0, 150);
}
