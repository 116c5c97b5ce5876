import { createTransport } from "nodemailer";
import { z } from "zod";

/** The mail server that notices go through. */
export type MailServer = { url: string; from: string };

const BodySchema = z.object({
  type: z.string(),
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

const SUBJECTS: Record<string, string> = {
  "approval.requested": "Approval needed",
  "approval.reassigned": "Approval reassigned",
  "approval.expiring": "Approval due soon",
};

/** One message in plain text. The delivery's id makes its Message-ID, the same at each attempt. Throws where it is not taken. */
export async function sendNoticeMail(
  server: MailServer,
  mail: { id: string; recipients: readonly string[]; body: string; at: Date; timeoutMs: number },
): Promise<void> {
  const { type, data } = BodySchema.parse(JSON.parse(mail.body));
  const transport = createTransport({
    url: server.url,
    connectionTimeout: mail.timeoutMs,
    greetingTimeout: mail.timeoutMs,
    socketTimeout: mail.timeoutMs,
  });
  try {
    await transport.sendMail({
      from: server.from,
      to: [...mail.recipients],
      // A line break in a reason would otherwise be the sender's to fold.
      subject: `${SUBJECTS[type] ?? type}: ${data.reason.replaceAll(/\s+/g, " ").slice(0, 150)}`,
      text: [
        data.reason,
        "",
        `Skill        ${data.skill_id}, step ${data.step_path}`,
        `Environment  ${data.environment}`,
        `Risk         ${data.risk}`,
        `Due          ${data.expires_at ?? "at any time"}`,
        `Approval     ${data.url ?? data.approval_id}`,
        "",
      ].join("\n"),
      messageId: `<${mail.id}@${server.from.split("@").at(-1)?.replace(">", "") ?? "orca"}>`,
      date: mail.at,
      headers: { "X-Idempotency-Key": mail.id },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  } finally {
    transport.close();
  }
}
