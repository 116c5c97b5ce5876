import type { BuiltinModule } from "../builtin.ts";
import { formatMessage } from "./format-message.ts";
import { generateDocument } from "./generate-document.ts";
import { sendNotification } from "./send-notification.ts";

/** Module `orca.message`: lay out and deliver messages and documents. */
export const MESSAGE_MODULE: BuiltinModule = {
  format: formatMessage,
  generate_document: generateDocument,
  send: sendNotification,
};
