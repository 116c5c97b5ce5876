import type { Builtin } from "../builtin.ts";
import { asText } from "../as-text.ts";
import { InputReader } from "../input-reader.ts";
import { findSecrets } from "./detect-secret.ts";
import { findPii } from "./pii-patterns.ts";

/**
 * Decides whether `output` may leave. `policy`: `block_pii` (default true), `block_secrets` (true), `max_length`,
 * `forbidden_terms`. The output itself is searched; flags such as `pii_detected` inside it are not believed.
 */
export const gateOutput: Builtin = (input) => {
  const given = new InputReader(input);
  const policy = new InputReader(given.object("policy", {}));
  const text = asText(given.object("output"));
  const reasons: string[] = [];
  const pii = [...new Set(findPii(text).map((finding) => finding.type))];
  if (policy.flag("block_pii", true) && pii.length > 0)
    reasons.push(`The output holds personal data: ${pii.join(", ")}.`);
  const secrets = [...new Set(findSecrets(text).map((finding) => finding.type))];
  if (policy.flag("block_secrets", true) && secrets.length > 0)
    reasons.push(`The output holds credentials: ${secrets.join(", ")}.`);
  const limit = policy.number("max_length", Number.MAX_SAFE_INTEGER);
  if (text.length > limit)
    reasons.push(`The output has ${text.length} characters; the policy allows ${limit}.`);
  const lower = text.toLowerCase();
  for (const term of policy.texts("forbidden_terms", [])) {
    if (lower.includes(term.toLowerCase()))
      reasons.push(`The output holds the forbidden term "${term}".`);
  }
  return {
    allowed: reasons.length === 0,
    reasons,
    status: "ok",
    rationale:
      reasons.length === 0 ? "Nothing in the output breaks the policy." : reasons.join(" "),
  };
};
