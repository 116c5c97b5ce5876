import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
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

test("the check that the documentation gives receivers takes our requests and no others", () => {
  const page = join(import.meta.dirname, "..", "..", "docs", "how-to", "receive-notices.md");
  const [, check = ""] = /```js\n([^]*?)\n```/.exec(readFileSync(page, "utf8")) ?? [];
  const secret = generateWebhookSecret();
  const body = '{"type":"channel.test","data":{"channel_name":"Häfen"}}';
  const sign = (at: number) => signWebhook(secret, { id: "tst_1", body, at });
  const now = Date.now();
  const genuine = sign(now);
  const rotated = `v1,AAAA ${genuine["webhook-signature"]}`;
  const { "webhook-signature": _signature, ...unsigned } = genuine;
  const cases = [
    [genuine, body, secret],
    [{ ...genuine, "webhook-signature": rotated }, body, secret],
    [genuine, `${body} `, secret],
    [genuine, body, generateWebhookSecret()],
    [{ ...genuine, "webhook-id": "tst_2" }, body, secret],
    [sign(now - 600_000), body, secret],
    [{ ...genuine, "webhook-timestamp": "soon" }, body, secret],
    [unsigned, body, secret],
  ];
  const program = `${check}
console.log(JSON.stringify(${JSON.stringify(cases)}.map((given) => isGenuine(...given))));`;
  const said = execFileSync(process.execPath, ["--input-type=module", "-e", program]).toString();
  expect(JSON.parse(said)).toEqual([true, true, false, false, false, false, false, false]);
});
