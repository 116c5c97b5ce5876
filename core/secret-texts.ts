import { isSecretName } from "./secret-names.ts";

/** Shorter secrets are found as whole values only: as parts of texts they would be everywhere. */
export const MIN_PART_LENGTH = 6;

/** Words that stand under secret names without being secrets: types, schemes, placeholders. */
const NO_SECRETS = new Set(
  "string|number|integer|boolean|object|array|null|true|false|none|required|optional|bearer|basic|token|password|secret|[hidden]|[redacted]".split(
    "|",
  ),
);

/** True for a text that may be a secret where it stands under a secret's name. */
export function maybeSecret(text: string): boolean {
  return text !== "" && !NO_SECRETS.has(text.toLowerCase());
}

/** The credentials that a text shows by its form: in headers, addresses, parameters, JSON and PEM blocks. */
export function credentialsIn(text: string): string[] {
  const found: string[] = [];
  for (const [, value = ""] of text.matchAll(/\b(?:Bearer|Basic)\s+([A-Za-z0-9._~+/=-]{6,})/gi)) {
    found.push(value, ...passwordOf(value));
  }
  for (const [, value = ""] of text.matchAll(/\/\/[^\s/@:]*:([^\s/@]+)@/g)) found.push(value);
  for (const [, name = "", value = ""] of text.matchAll(/[?&;]([\w-]+)=([^&;#\s"'<>]+)/g)) {
    if (isSecretName(name)) found.push(value, decoded(value));
  }
  for (const [, name = "", value = ""] of text.matchAll(/"([\w-]+)"\s*:\s*"((?:[^"\\]|\\.)*)"/g)) {
    if (isSecretName(name)) found.push(value, unescaped(value));
  }
  for (const [block] of text.matchAll(
    /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]+-----END [A-Z ]*-----/g,
  ))
    found.push(block);
  return found.filter(maybeSecret);
}

/** Longer values are documents rather than credentials: looked for as they are. */
const MAX_ENCODED_LENGTH = 4096;

/** A secret as it may stand in a text: itself, percent-encoded, in a JSON text, and inside Base64 at any place. */
export function writtenForms(secret: string): string[] {
  const forms = [secret, JSON.stringify(secret).slice(1, -1)];
  if (secret.length > MAX_ENCODED_LENGTH) return [...new Set(forms)];
  forms.push(encodeURIComponent(secret.toWellFormed()));
  const bytes = [...new TextEncoder().encode(secret)];
  for (const offset of [0, 1, 2]) {
    const text = btoa(String.fromCharCode(...Array<number>(offset).fill(0), ...bytes));
    // Only the digits that no neighbouring byte has a part in.
    const whole = text.slice(
      Math.ceil((offset * 8) / 6),
      Math.floor(((offset + bytes.length) * 8) / 6),
    );
    forms.push(whole, whole.replaceAll("+", "-").replaceAll("/", "_"));
  }
  return [...new Set(forms)];
}

/** The password of an HTTP Basic credential. */
function passwordOf(credential: string): string[] {
  try {
    const [, password] = atob(credential).split(/:(.*)/s);
    return password === undefined ? [] : [password];
  } catch {
    return [];
  }
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function unescaped(value: string): string {
  try {
    const text: unknown = JSON.parse(`"${value}"`);
    return typeof text === "string" ? text : value;
  } catch {
    return value;
  }
}
