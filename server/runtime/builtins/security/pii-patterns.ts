/** What kind of personal data is looked for. */
export type PiiKind =
  "email" | "phone" | "credit_card" | "iban" | "us_ssn" | "ip_address" | "date_of_birth";
/** Personal data at a place. `text` is the data itself: never let it out. */
export type PiiFinding = { type: PiiKind; text: string; start: number; end: number };

/** Bounded patterns only: each reads the text once. A candidate counts when its check, if any, agrees. */
const PATTERNS: readonly { type: PiiKind; pattern: RegExp; check?: (text: string) => boolean }[] = [
  { type: "email", pattern: /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/g },
  { type: "iban", pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{2,4}){3,8}\b/g, check: isIban },
  { type: "credit_card", pattern: /\b\d(?:[ -]?\d){12,18}\b/g, check: isCardNumber },
  { type: "us_ssn", pattern: /\b(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}\b/g },
  { type: "ip_address", pattern: /\b\d{1,3}(?:\.\d{1,3}){3}\b/g, check: isIpAddress },
  {
    type: "date_of_birth",
    pattern:
      /\b(?:born(?: on)?|birth(?:day|date)?|date of birth|dob)[: ]{1,3}\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b/gi,
  },
  {
    type: "phone",
    pattern:
      /(?:\+\d{1,3}[ .-]?)(?:\(?\d{1,4}\)?[ .-]?){2,5}\d{2,4}\b|\(\d{3}\) ?\d{3}[ .-]\d{4}\b|\b\d{3}[.-]\d{3}[.-]\d{4}\b/g,
    check: hasEnoughDigits,
  },
];

/** Personal data in a text, in order, none overlapping: found by form and checked by check digits where there are any. */
export function findPii(text: string): PiiFinding[] {
  const found: PiiFinding[] = [];
  for (const { type, pattern, check } of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const start = match.index;
      const end = start + match[0].length;
      if (
        check?.(match[0]) === false ||
        found.some((other) => start < other.end && other.start < end)
      )
        continue;
      found.push({ type, text: match[0], start, end });
      if (found.length === MAX_FINDINGS) return sorted(found);
    }
  }
  return sorted(found);
}

const MAX_FINDINGS = 5_000;

function sorted(found: PiiFinding[]): PiiFinding[] {
  return found.sort((a, b) => a.start - b.start);
}

/** The Luhn check of payment card numbers (ISO/IEC 7812-1). */
export function isCardNumber(text: string): boolean {
  const digits = text.replaceAll(/\D/g, "");
  if (digits.length < 13 || digits.length > 19 || /^(\d)\1*$/.test(digits)) return false;
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = digit * 2;
    sum += at % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** The mod-97 check of bank account numbers (ISO 13616). */
export function isIban(text: string): boolean {
  const compact = text.replaceAll(" ", "");
  if (compact.length < 15 || compact.length > 34) return false;
  let rest = 0;
  for (const character of compact.slice(4) + compact.slice(0, 4)) {
    for (const digit of Number.parseInt(character, 36).toString())
      rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest === 1;
}

function isIpAddress(text: string): boolean {
  return text.split(".").every((part) => Number(part) <= 255);
}

function hasEnoughDigits(text: string): boolean {
  const digits = text.replaceAll(/\D/g, "").length;
  return digits >= 7 && digits <= 15;
}
