import { expect, test } from "vitest";
import { createSeal } from "../seal.ts";
import { generateWebhookSecret, signWebhook } from "./sign-webhook.ts";

test("a request is signed as the example of Standard Webhooks is", () => {
  const signed = signWebhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", {
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    body: '{"test": 2432232314}',
    at: 1_614_265_330_000,
  });
  expect(signed).toEqual({
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  });
});

test("secrets are random, and only the key that sealed one opens it", () => {
  const secret = generateWebhookSecret();
  expect(secret).not.toBe(generateWebhookSecret());
  const seal = createSeal("ab".repeat(32));
  const sealed = seal.close(secret);
  expect(sealed).not.toContain(secret.slice(6));
  expect(seal.close(secret)).not.toBe(sealed);
  expect(seal.open(sealed)).toBe(secret);
  expect(() => createSeal("cd".repeat(32)).open(sealed)).toThrow("A stored secret cannot be read.");
});
