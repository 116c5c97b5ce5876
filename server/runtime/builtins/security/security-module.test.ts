import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../../core/json.ts";
import { makeBuiltinContext } from "../testing/make-builtin-context.ts";
import { isCardNumber, isIban } from "./pii-patterns.ts";
import { SECURITY_MODULE } from "./security-module.ts";
import { asText } from "../as-text.ts";

async function call(name: string, input: JsonObject): Promise<JsonObject> {
  const builtin = SECURITY_MODULE[name];
  if (builtin === undefined) throw new Error(`no function ${name}`);
  return builtin(input, makeBuiltinContext());
}

describe("personal data", () => {
  test.each([
    ["Write to ada.l+x@example.co.uk now", ["email"]],
    ["Card 4242 4242 4242 4242", ["credit_card"]],
    ["IBAN AT61 1904 3002 3457 3201", ["iban"]],
    ["SSN 123-45-6789", ["us_ssn"]],
    ["From 192.168.0.7", ["ip_address"]],
    ["Call +1-650-555-1234 or (650) 555-1234", ["phone"]],
    ["born on 1990-04-01", ["date_of_birth"]],
    ["Order 4242 4242 4242 4241, version 1.2.3, 2026-01-02", []],
  ])("%s holds %j", async (text, types) => {
    expect(await call("detect_pii", { text })).toMatchObject({
      types,
      contains_pii: types.length > 0,
    });
  });

  test("is replaced by its type, and the findings do not repeat it", async () => {
    const result = await call("redact_pii", {
      text: "Ada (ada@example.com, +43 1 234 5678) paid with 4111 1111 1111 1111.",
    });
    expect(result).toMatchObject({
      redacted_text: "Ada ([EMAIL], [PHONE]) paid with [CREDIT_CARD].",
      redaction_count: 3,
    });
    expect(JSON.stringify(result)).not.toMatch(/ada@|4111|234 5678/);
  });

  test("is gone after redaction, whatever surrounds it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ maxLength: 60 }),
        fc.string({ maxLength: 60 }),
        async (before, after) => {
          const { redacted_text: text } = await call("redact_pii", {
            text: `${before} ada@example.com ${after}`,
          });
          expect(asText(text)).not.toContain("ada@example.com");
        },
      ),
    );
  });

  test("is checked by its check digits", () => {
    expect([
      isCardNumber("4111111111111111"),
      isCardNumber("4111111111111112"),
      isCardNumber("0000000000000"),
    ]).toEqual([true, false, false]);
    expect([isIban("DE89370400440532013000"), isIban("DE89370400440532013001")]).toEqual([
      true,
      false,
    ]);
  });

  test("is looked for in linear time", async () => {
    for (const hostile of [
      "1 ".repeat(200_000),
      "a@".repeat(100_000),
      "+1 ".repeat(100_000),
      "AT61 ".repeat(50_000),
      "a.".repeat(150_000),
    ]) {
      const started = performance.now();
      await call("detect_pii", { text: hostile });
      expect(performance.now() - started).toBeLessThan(4_000);
    }
  });
});

test("credentials are found by their formats and never repeated", async () => {
  const token = `ghp_${"a1B2".repeat(9)}`;
  const result = await call("detect_secret", {
    text: `export GH=${token}\nurl: https://user:hunter22@host.example/`,
  });
  expect(result).toMatchObject({
    contains_secret: true,
    findings: [{ type: "github_token" }, { type: "password_in_url" }],
  });
  expect(JSON.stringify(result)).not.toContain(token);
  expect(await call("detect_secret", { text: "nothing here" })).toMatchObject({
    contains_secret: false,
  });
});

test("the gate looks at the output itself and obeys its policy", async () => {
  const output = { text: "ada@example.com", pii_detected: false };
  expect(await call("gate_output", { output, policy: {} })).toMatchObject({ allowed: false });
  expect(await call("gate_output", { output, policy: { block_pii: false } })).toMatchObject({
    allowed: true,
    reasons: [],
  });
  expect(
    await call("gate_output", {
      output: { text: "Project Falcon" },
      policy: { forbidden_terms: ["falcon"] },
    }),
  ).toMatchObject({ allowed: false });
});
