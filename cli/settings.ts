import { usageError } from "./cli-error.ts";

/** Where the server is and who asks. */
export type Settings = {
  /** Without a slash at the end. */
  url: string;
  /** Null: calls are made without a key, and refused where one is needed. */
  apiKey: string | null;
};

const DEFAULT_URL = "http://127.0.0.1:3000";

/** The options of the command line, and the environment where they are absent. An empty value counts as absent. */
export function readSettings(
  options: { url?: string; apiKey?: string },
  env: Readonly<Record<string, string | undefined>>,
): Settings {
  const named = (option: string | undefined, name: string, variable: string) =>
    option !== undefined
      ? { value: option, source: name }
      : { value: env[variable] || null, source: variable };
  const url = named(options.url, "--url", "ORCA_URL");
  const key = named(options.apiKey, "--api-key", "ORCA_API_KEY");
  return {
    url: url.value === null ? DEFAULT_URL : parseUrl(url.value, url.source),
    apiKey: key.value === null ? null : parseKey(key.value, key.source),
  };
}

function parseUrl(value: string, source: string): string {
  const url = URL.parse(value);
  if (url !== null && (url.protocol === "http:" || url.protocol === "https:") && url.search === "")
    return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
  throw usageError(`${source} is "${value}"; expected an address like ${DEFAULT_URL}.`);
}

/** The key itself is never repeated. */
function parseKey(value: string, source: string): string {
  if (/^[\u0021-\u007e]+$/.test(value)) return value;
  throw usageError(`${source} holds characters that an API key cannot have.`, {
    hint: "Copy the key again, without spaces or line breaks.",
  });
}
