import { callHttp } from "../runtime/invokers/http-call.ts";
import type { NetworkRules } from "../runtime/invokers/invoker.ts";
import type { NetworkGuard } from "../runtime/invokers/network-guard.ts";
import { signWebhook } from "./sign-webhook.ts";

/** An answer is not read further than this: its status is all that counts. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** One signed request. Answers the receiver's status; throws where there was no answer. Redirects are not followed. */
export async function sendWebhook(
  guard: NetworkGuard,
  webhook: {
    id: string;
    url: string;
    secret: string;
    body: string;
    /** Milliseconds since 1970. */
    at: number;
    network: NetworkRules;
    timeoutMs: number;
    signal: AbortSignal;
  },
): Promise<number> {
  const { url, secret, body, network, timeoutMs, signal } = webhook;
  const { status } = await callHttp(guard, {
    label: "webhook's receiver",
    method: "POST",
    url,
    headers: { "content-type": "application/json", ...signWebhook(secret, webhook) },
    body,
    maxRedirects: 0,
    maxResponseBytes: MAX_ANSWER_BYTES,
    timeoutMs,
    signal,
    network,
  });
  return status;
}
