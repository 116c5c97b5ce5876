import { DomainError } from "../../../../core/errors.ts";
import type { BuiltinContext } from "../builtin.ts";

/** An HTTP answer as it came; `url` is the address after redirects. */
export type Answer = {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
  url: string;
};

/**
 * Fetches through the environment's network rules. Everything that keeps an answer from coming, a refusal by those rules
 * included, is `upstream_failure` with the host in its message.
 */
export async function fetchUrl(
  context: BuiltinContext,
  url: string,
  init: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const target = parseUrl(url);
  try {
    return await context.fetch(target.href, init);
  } catch (error) {
    if (error instanceof DomainError || context.signal.aborted) throw error;
    throw new DomainError("upstream_failure", `${target.host} could not be reached.`, {
      hint: "Check the address, the network, and whether the environment may reach it.",
      details: { host: target.host },
      cause: error,
    });
  }
}

/** An http or https address without credentials in it, else `invalid_request`. */
export function parseUrl(url: string): URL {
  const parsed = URL.parse(url);
  if (
    parsed === null ||
    !["http:", "https:"].includes(parsed.protocol) ||
    parsed.username !== "" ||
    parsed.password !== ""
  ) {
    throw new DomainError(
      "invalid_request",
      `"${url.slice(0, 200)}" is not an http or https address.`,
      { hint: "Write it in full, without a user name, such as https://example.com/page." },
    );
  }
  return parsed;
}

/** The body as text by the charset that the answer names; UTF-8 where it names none or an unknown one. */
export function bodyText(answer: Answer): string {
  const charset =
    /charset=["']?([\w-]{1,40})/i.exec(answer.headers["content-type"] ?? "")?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(answer.body);
  } catch {
    return new TextDecoder().decode(answer.body);
  }
}
