import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { mask } from "./detect-pii.ts";

/** Public formats of credentials, and assignments of long values to names that mean a secret. */
const PATTERNS: readonly { type: string; pattern: RegExp }[] = [
  { type: "aws_access_key", pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  { type: "github_token", pattern: /\bgh[pousr]_[A-Za-z0-9]{36,255}\b/g },
  { type: "slack_token", pattern: /\bxox[abprs]-[A-Za-z0-9-]{10,200}/g },
  { type: "api_key", pattern: /\bsk-[A-Za-z0-9_-]{20,200}/g },
  { type: "google_api_key", pattern: /\bAIza[A-Za-z0-9_-]{35}\b/g },
  {
    type: "jwt",
    pattern: /\beyJ[A-Za-z0-9_-]{8,400}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,2000}/g,
  },
  { type: "private_key", pattern: /-----BEGIN (?:[A-Z]{2,12} ){0,2}PRIVATE KEY-----/g },
  {
    type: "password_in_url",
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{1,100}:[^\s/@]{1,200}@/gi,
  },
  {
    type: "assigned_secret",
    pattern:
      /\b(?:password|passwd|secret|token|api[_-]?key|access[_-]?key)["']?\s{0,4}[:=]\s{0,4}["']?[^\s"',;]{8,200}/gi,
  },
];

/** Something that looks like a credential. `text` is the secret itself: never let it out. */
export type SecretFinding = { type: string; text: string; start: number; end: number };

/** Things in a text that look like credentials, in order. */
export function findSecrets(text: string): SecretFinding[] {
  const found: SecretFinding[] = [];
  for (const { type, pattern } of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const end = match.index + match[0].length;
      if (!found.some((other) => match.index < other.end && other.start < end)) {
        found.push({ type, text: match[0], start: match.index, end });
      }
      if (found.length === 1_000) break;
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Finds credentials by their public formats. Findings hold type, place and a masked form, never the secret. */
export const detectSecret: Builtin = (input) => {
  const found = findSecrets(new InputReader(input).text("text"));
  return {
    contains_secret: found.length > 0,
    findings: found.map(({ type, text, start, end }) => ({ type, start, end, masked: mask(text) })),
    status: "ok",
    rationale:
      found.length === 0
        ? "No credential format matched."
        : `${found.length} places look like credentials.`,
  };
};
