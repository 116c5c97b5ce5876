import type { BuiltinModule } from "../builtin.ts";
import { readInbox } from "./read-inbox.ts";
import { sendMail } from "./send-mail.ts";

/** Module `orca.email`: mail of the local sandbox service. */
export const EMAIL_MODULE: BuiltinModule = { read_inbox: readInbox, send: sendMail };
