import type { Builtin } from "../builtin.ts";
import { sendMail } from "../email/send-mail.ts";
import { InputReader } from "../input-reader.ts";
import { recordIdOf } from "../record-id.ts";

/**
 * Notifies `recipient`: an e-mail address gets a mail through the sandbox service; any other name gets an entry in the environment's durable
 * notification list, which is all that "sent" means there.
 */
export const sendNotification: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const [recipient, message] = [given.text("recipient"), given.text("message")];
  if (recipient.includes("@")) {
    return sendMail(
      {
        to: recipient,
        subject: given.text("subject", message.split("\n")[0]?.slice(0, 80) ?? ""),
        body: message,
      },
      context,
    );
  }
  const id = recordIdOf(context, "ntf");
  await context.records.put("notifications", id, {
    recipient,
    message,
    run_id: context.runId,
    at: context.now().toISOString(),
  });
  return {
    sent: true,
    message_id: id,
    status: "ok",
    rationale: `Put on the notification list for ${recipient}.`,
  };
};
