import { expect, test } from "vitest";
import { followRedirect, type HttpHop } from "./http-redirect.ts";

function makeHop(fields: Partial<HttpHop> = {}): HttpHop {
  const headers = { authorization: "Bearer t", cookie: "c", accept: "*/*" };
  return { url: new URL("https://service.test/a"), method: "GET", headers, body: null, ...fields };
}

test("from https to http no credential is kept, though the host is the same", () => {
  const next = followRedirect(makeHop(), 302, "http://service.test/a");
  expect(next.headers).toEqual({ accept: "*/*" });
});

test("a request with a body never goes from https to http", () => {
  const hop = makeHop({ method: "PUT", body: new Uint8Array([1]) });
  expect(() => followRedirect(hop, 307, "http://service.test/a")).toThrowError(
    /from https to http/,
  );
});

test("another port is another origin", () => {
  const next = followRedirect(makeHop(), 302, "https://service.test:8443/a");
  expect(next.headers).not.toHaveProperty("authorization");
});

test.each(["http://user:pass@service.test/", "javascript:alert(1)", "http://["])(
  "%s is not followed",
  (location) => {
    expect(() => followRedirect(makeHop(), 302, location)).toThrowError();
  },
);

test("307 and 308 keep method and body", () => {
  const hop = makeHop({ method: "POST", body: new Uint8Array([1]) });
  for (const status of [307, 308]) {
    expect(followRedirect(hop, status, "/b")).toMatchObject({
      method: "POST",
      body: hop.body,
      headers: hop.headers,
    });
  }
});
