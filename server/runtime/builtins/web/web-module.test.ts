import { describe, expect, test } from "vitest";
import { DomainError } from "../../../../core/errors.ts";
import type { JsonObject } from "../../../../core/json.ts";
import type { BuiltinContext } from "../builtin.ts";
import { makeBuiltinContext } from "../testing/make-builtin-context.ts";
import { WEB_MODULE } from "./web-module.ts";

async function call(
  name: string,
  input: JsonObject,
  overrides: Partial<BuiltinContext> = {},
): Promise<JsonObject> {
  const builtin = WEB_MODULE[name];
  if (builtin === undefined) throw new Error(`no function ${name}`);
  return builtin(input, makeBuiltinContext(overrides));
}

type Sent = { url: string; method?: string; headers?: Record<string, string>; body?: string };
function answering(
  status: number,
  type: string,
  body: string | Uint8Array,
  sent: Sent[] = [],
): Partial<BuiltinContext> {
  return {
    fetch: async (url, init) => {
      sent.push({ url, ...init });
      return {
        status,
        headers: { "content-type": type },
        body: typeof body === "string" ? Buffer.from(body) : body,
        url,
      };
    },
  };
}

describe("fetch_page", () => {
  test("gives the body in its charset", async () => {
    const page = await call(
      "fetch_page",
      { url: "https://a.example/" },
      answering(200, "text/html; charset=iso-8859-1", Buffer.from("Gr\u00fc\u00dfe", "latin1")),
    );
    expect(page).toMatchObject({ content: "Grüße", http_status: 200 });
  });

  test("fails with upstream_failure without a network or with an error status, and never pretends", async () => {
    await expect(call("fetch_page", { url: "https://a.example/" })).rejects.toMatchObject({
      code: "upstream_failure",
    });
    await expect(
      call("fetch_page", { url: "https://a.example/" }, answering(404, "text/html", "")),
    ).rejects.toMatchObject({ code: "upstream_failure", details: { http_status: 404 } });
  });

  test("lets a refusal of the network rules through unchanged", async () => {
    const refusal = new DomainError("safety_denied", "private address");
    await expect(
      call("fetch_page", { url: "http://10.0.0.1/" }, { fetch: () => Promise.reject(refusal) }),
    ).rejects.toBe(refusal);
  });

  test.each([
    "ftp://a.example/",
    "file:///etc/passwd",
    "not a url",
    "http://user:secret@a.example/",
  ])("refuses %s", async (url) => {
    await expect(call("fetch_page", { url })).rejects.toMatchObject({ code: "invalid_request" });
  });
});

test("extract_page gives title, text and links", async () => {
  const content =
    '<html><head><title>T</title></head><body><nav>skip</nav><p>Hi <a href="/x?a=1&amp;b=2">x</a></p></body></html>';
  expect(await call("extract_page", { content })).toMatchObject({
    title: "T",
    text: "Hi x",
    links: ["/x?a=1&b=2"],
  });
});

describe("send_request", () => {
  test("carries the ledger key and returns whatever came back", async () => {
    const sent: Sent[] = [];
    const result = await call(
      "send_request",
      { url: "https://a.example/", method: "post", body: { a: 1 } },
      { ...answering(422, "application/json", "[1]", sent), idempotencyKey: "k1" },
    );
    expect(result).toMatchObject({ status_code: 422, success: false, body: { value: [1] } });
    expect(sent).toMatchObject([
      {
        method: "POST",
        body: '{"a":1}',
        headers: { "idempotency-key": "k1", "content-type": "application/json" },
      },
    ]);
  });

  test("refuses headers that would split the request", async () => {
    await expect(
      call(
        "send_request",
        { url: "https://a.example/", method: "GET", headers: { "x-a": "1\r\nx-b: 2" } },
        answering(200, "", ""),
      ),
    ).rejects.toMatchObject({ code: "invalid_request" });
  });
});

describe("search", () => {
  test("asks the configured endpoint and reads its usual forms", async () => {
    const sent: Sent[] = [];
    const result = await call(
      "search",
      { query: "a b", limit: 1 },
      {
        searchUrl: "https://s.example/q?x=1",
        ...answering(
          200,
          "application/json",
          '[{"link":"https://a","title":"A"},{"url":"https://b"}]',
          sent,
        ),
      },
    );
    expect(result).toMatchObject({
      results: [{ url: "https://a", title: "A", snippet: "" }],
      total: 1,
    });
    expect(sent[0]?.url).toBe("https://s.example/q?x=1&q=a+b&limit=1&format=json");
  });

  test("fails where there is no endpoint or no answer that is understood", async () => {
    await expect(call("search", { query: "a" })).rejects.toMatchObject({
      code: "upstream_failure",
    });
    await expect(
      call(
        "search",
        { query: "a" },
        { searchUrl: "https://s.example/", ...answering(200, "text/html", "<html>") },
      ),
    ).rejects.toMatchObject({ code: "upstream_failure" });
  });
});

test("normalize_results drops repeated addresses and leaves deep ones to be fetched", async () => {
  const results = [{ url: "https://a", title: "A", snippet: "s" }, { url: "https://a" }];
  expect((await call("normalize_results", { results })).items).toMatchObject([
    { title: "A", content: "s" },
  ]);
  expect((await call("normalize_results", { results, mode: "deep" })).items).toMatchObject([
    { source_ref: { type: "url", location: "https://a" } },
  ]);
});

test("retrieve_sources keeps what cannot be read with its error, and fails when nothing can", async () => {
  const items = [
    { id: "a", content: "given" },
    { id: "b", source_ref: { type: "url", location: "https://x.example/" } },
  ];
  expect(await call("retrieve_sources", { items })).toMatchObject({
    items: [{ content: "given" }, { content: "", error: expect.stringContaining("x.example") }],
    status: "partial",
    failed_count: 1,
  });
  await expect(call("retrieve_sources", { items: items.slice(1) })).rejects.toMatchObject({
    code: "upstream_failure",
  });
});

test("verify_source names what speaks against an address", async () => {
  expect(await call("verify_source", { url: "https://docs.example.com/a" })).toMatchObject({
    trusted: true,
  });
  expect(await call("verify_source", { url: "http://127.0.0.1:8080/" })).toMatchObject({
    trusted: false,
    reason: expect.stringContaining("bare address"),
  });
});
