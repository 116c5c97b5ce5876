import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "./json.ts";
import { Redactor, type RedactedKind } from "./redaction.ts";
import { isSecretName } from "./secret-names.ts";

function redact(
  value: Json,
  { known = [], kind = "data" }: { known?: string[]; kind?: RedactedKind } = {},
) {
  const redactor = new Redactor(known);
  redactor.learn(value, kind);
  return { value: redactor.redact(value, kind, "events", ""), report: redactor.report };
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("names of secrets", () => {
  test.each([
    "Authorization",
    "x-api-key",
    "apiKey",
    "refresh_token",
    "DB_PASSWORD",
    "clientSecret",
    "set-cookie",
  ])("%s is one", (name) => expect(isSecretName(name)).toBe(true));
  test.each([
    "tokens",
    "max_tokens",
    "token_type",
    "secretary",
    "key",
    "author",
    "passwords_checked",
  ])("%s is none", (name) => expect(isSecretName(name)).toBe(false));
});

describe("redaction", () => {
  test("hides what stands under a secret's name, and the same value wherever else it stands", () => {
    const { value, report } = redact({
      input: { headers: { Authorization: "Bearer s3cr3t-v4lue" }, note: "sent s3cr3t-v4lue twice" },
    });
    expect(value).toEqual({
      input: { headers: { Authorization: "[redacted:1]" }, note: "sent [redacted:2] twice" },
    });
    expect(report).toEqual([
      { part: "events", path: "/input/headers/Authorization", reason: "secret_name", count: 1 },
      { part: "events", path: "/input/note", reason: "credential", count: 1 },
    ]);
  });

  test("hides values that the instance knows, in every form in which they are written", () => {
    const secret = 'pä"ss/w+rd 42';
    const { value } = redact(
      {
        url: `https://example.com/?q=${encodeURIComponent(secret)}`,
        body: JSON.stringify({ it: secret }),
        basic: base64(`ada:${secret}`),
        offsets: ["", "x", "xy"].map((pad) => base64(`${pad}${secret}${pad}`)),
      },
      { known: [secret] },
    );
    const text = JSON.stringify(value);
    expect(text).not.toContain(encodeURIComponent(secret));
    expect(text).not.toContain("w+rd");
    for (const pad of ["", "x", "xy"])
      expect(text).not.toContain(base64(`${pad}${secret}${pad}`).slice(4, -4));
  });

  test("hides credentials by their form", () => {
    const { value } = redact({
      output: [
        "curl -H 'authorization: bearer abcdef123456'",
        "https://ada:hunter2hunter2@example.com/x",
        "/callback?access_token=qwertyuiop&x=1",
        '{"client_secret":"zxcvbnm123"}',
        "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----",
      ],
    });
    const text = JSON.stringify(value);
    for (const secret of ["abcdef123456", "hunter2hunter2", "qwertyuiop", "zxcvbnm123", "MIIEvQ"])
      expect(text).not.toContain(secret);
    expect(text).toContain("x=1");
  });

  test("hides short secrets and numbers in their own place and as whole values", () => {
    const { value } = redact({
      input: { pin_token: "0420", password: 123456, again: "0420", in: "x0420" },
    });
    expect(value).toEqual({
      input: {
        pin_token: "[redacted:1]",
        password: "[redacted:2]",
        again: "[redacted:1]",
        in: "x0420",
      },
    });
  });

  test("hides secrets in names of fields", () => {
    const { value } = redact({ output: { "key-s3cr3t": 1 } }, { known: ["key-s3cr3t"] });
    expect(value).toEqual({ output: { "[redacted:1]": 1 } });
  });

  test("leaves types, references and placeholders of a definition alone, and hides its literals", () => {
    const definition = {
      inputs: { token: { type: "string", description: "The token" } },
      steps: [{ input: { token: "inputs.token", api_key: "literal-key-1" } }],
      headers: { Authorization: "Bearer ${SHOP_KEY}" },
      request: { password: "input.password" },
    };
    const { value, report } = redact(definition, { kind: "definition" });
    expect(value).toEqual({
      ...definition,
      steps: [{ input: { token: "inputs.token", api_key: "[redacted:1]" } }],
    });
    expect(report).toHaveLength(1);
  });

  test("lets no secret through, wherever it is put", () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9_!#%&()-]{8,20}$/);
    fc.assert(
      fc.property(secret, fc.jsonValue({ maxDepth: 3 }), fc.string(), (password, other, text) => {
        const value: Json = JSON.parse(
          JSON.stringify({
            password,
            output: { other, text: `${text}${password}${text}` },
            [password]: other,
          }),
        );
        fc.pre(!JSON.stringify(other).includes(password));
        expect(JSON.stringify(redact(value).value)).not.toContain(password);
      }),
    );
  });

  test("gives a value without secrets back as it is", () => {
    const value = { output: { list: [1, { a: "b" }] } };
    expect(redact(value).value).toBe(value);
  });
});
