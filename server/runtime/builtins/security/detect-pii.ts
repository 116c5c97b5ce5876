import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { findPii } from "./pii-patterns.ts";

/**
 * Finds e-mail addresses, phone numbers, cards (Luhn), IBANs (mod 97), US social security numbers, IP addresses and
 * dates of birth by pattern. Findings hold type and place and a masked form, never the data itself. Names are not found.
 */
export const detectPii: Builtin = (input) => {
  const found = findPii(new InputReader(input).text("text"));
  return {
    contains_pii: found.length > 0,
    findings: found.map(({ type, text, start, end }) => ({ type, start, end, masked: mask(text) })),
    types: [...new Set(found.map((finding) => finding.type))],
    status: "ok",
    rationale:
      found.length === 0
        ? "No pattern of personal data matched."
        : `${found.length} places match a pattern of personal data.`,
  };
};

/** Replaces each piece of personal data by its type, such as `[EMAIL]`. */
export const redactPii: Builtin = (input) => {
  const text = new InputReader(input).text("text");
  const found = findPii(text);
  return {
    redacted_text: redact(text),
    findings: found.map(({ type, text: original, start, end }) => ({
      type,
      start,
      end,
      masked: mask(original),
    })),
    redaction_count: found.length,
    status: "ok",
    rationale: `Replaced ${found.length} places by their type.`,
  };
};

/** The text with every piece of personal data replaced by `[TYPE]`. */
export function redact(text: string): string {
  let out = "";
  let at = 0;
  for (const { type, start, end } of findPii(text)) {
    out += `${text.slice(at, start)}[${type.toUpperCase()}]`;
    at = end;
  }
  return out + text.slice(at);
}

/** First and last character kept, the rest dots: enough to recognise, too little to use. */
export function mask(text: string): string {
  return text.length < 6 ? "…" : `${text[0] ?? ""}…${text.at(-1) ?? ""}`;
}
