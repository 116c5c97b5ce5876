import type { BuiltinModule } from "../builtin.ts";
import { detectPii, redactPii } from "./detect-pii.ts";
import { detectSecret } from "./detect-secret.ts";
import { gateOutput } from "./gate-output.ts";

/** Module `orca.security`: personal data, credentials and what may leave. */
export const SECURITY_MODULE: BuiltinModule = {
  detect_pii: detectPii,
  detect_secret: detectSecret,
  gate_output: gateOutput,
  redact_pii: redactPii,
};
