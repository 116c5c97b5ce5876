import { createHmac, randomBytes } from "node:crypto";

const PREFIX = "whsec_";

/** A new secret: 32 random bytes as Standard Webhooks writes them, `whsec_` and base64. */
export function generateWebhookSecret(): string {
  return `${PREFIX}${randomBytes(32).toString("base64")}`;
}

/**
 * The headers of a signed request (standardwebhooks.com, version 1): HMAC-SHA256 over `id.timestamp.body`. The time is
 * that of the attempt, so that receivers can refuse old ones.
 */
export function signWebhook(
  secret: string,
  { id, body, at }: { id: string; body: string; at: number },
): Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string> {
  const timestamp = String(Math.floor(at / 1_000));
  const key = Buffer.from(secret.slice(PREFIX.length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature}`,
  };
}
