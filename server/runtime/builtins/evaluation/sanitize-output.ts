import { isJsonObject, type Json, type JsonObject } from "../../../../core/json.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { redact } from "../security/detect-pii.ts";
import { findSecrets } from "../security/detect-secret.ts";

/**
 * Cleans every text inside an output: personal data and credentials become their type in brackets (`policy.redact_pii`,
 * `policy.redact_secrets`, both true unless given), `policy.forbidden_terms` become `[REMOVED]`. `removals` says where, never what.
 */
export const sanitizeOutput: Builtin = (input) => {
  const given = new InputReader(input);
  const policy = new InputReader(given.object("policy", {}));
  const removals: JsonObject[] = [];
  const terms = policy.texts("forbidden_terms", []).filter((term) => term !== "");
  const [withPii, withSecrets] = [
    policy.flag("redact_pii", true),
    policy.flag("redact_secrets", true),
  ];
  const clean = (value: Json, path: string): Json => {
    if (Array.isArray(value)) return value.map((item, index) => clean(item, `${path}[${index}]`));
    if (isJsonObject(value))
      return Object.fromEntries(
        Object.entries(value).map(([key, field]) => [
          key,
          clean(field, path === "" ? key : `${path}.${key}`),
        ]),
      );
    if (typeof value !== "string") return value;
    const steps: [string, (text: string) => string][] = [
      ["secret", withSecrets ? hideSecrets : same],
      ["pii", withPii ? redact : same],
      [
        "forbidden_term",
        (text) => terms.reduce((left, term) => left.replaceAll(term, "[REMOVED]"), text),
      ],
    ];
    return steps.reduce((text, [kind, change]) => {
      const changed = change(text);
      if (changed !== text) removals.push({ field: path, kind });
      return changed;
    }, value);
  };
  const sanitized = clean(given.object("output"), "");
  return {
    sanitized_output: isJsonObject(sanitized) ? sanitized : {},
    removals,
    clean: removals.length === 0,
    status: "ok",
    rationale:
      removals.length === 0 ? "Nothing had to be removed." : `Cleaned ${removals.length} places.`,
  };
};

function hideSecrets(text: string): string {
  let out = "";
  let at = 0;
  for (const { type, start, end } of findSecrets(text)) {
    out += `${text.slice(at, start)}[${type.toUpperCase()}]`;
    at = end;
  }
  return out + text.slice(at);
}

function same(text: string): string {
  return text;
}
