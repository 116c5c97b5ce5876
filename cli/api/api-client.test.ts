import { describe, expect, test } from "vitest";
import { z } from "zod";
import { stubServer } from "../testing/stub-server.ts";
import { createApiClient } from "./api-client.ts";

const Anything = z.unknown();
const ask = async (status: number, type: string, body: string, apiKey: string | null = null) => {
  await using server = await stubServer((_, response) =>
    response.writeHead(status, { "content-type": type }).end(body),
  );
  return await createApiClient({ url: server.url, apiKey }).get(
    "/runs",
    z.object({ items: z.array(z.string()) }),
  );
};
const problem = (code: string) =>
  JSON.stringify({
    error: { code, message: "No.", hint: "Do this.", details: { a: 1 } },
    trace_id: "abc",
  });

describe("a call", () => {
  test("carries the key, the query and the body", async () => {
    const seen: unknown[] = [];
    await using server = await stubServer((request, response) => {
      seen.push([request.method, request.url, request.headers.authorization]);
      response.end("{}");
    });
    const client = createApiClient({ url: `${server.url}/orca`, apiKey: "k" });
    await client.get("/runs", Anything, { query: { q: "a b", limit: 2, cursor: undefined } });
    await client.post("/runs", Anything, { body: {} });
    expect(seen).toEqual([
      ["GET", "/orca/api/v1/runs?q=a+b&limit=2", "Bearer k"],
      ["POST", "/orca/api/v1/runs", "Bearer k"],
    ]);
  });

  test("that the server refuses has the server's words and trace", async () => {
    await expect(ask(409, "application/json", problem("version_conflict"))).rejects.toMatchObject({
      code: "version_conflict",
      message: "No.",
      hint: "Do this.",
      details: { a: 1 },
      traceId: "abc",
      exitCode: 3,
    });
  });

  test("that fails inside the server is told from one that is refused", async () => {
    await expect(ask(503, "application/json", problem("unavailable"))).rejects.toMatchObject({
      exitCode: 4,
    });
  });

  test("without a key is told how to give one, and with a wrong one to check it", async () => {
    const body = problem("unauthorized");
    await expect(ask(401, "application/json", body)).rejects.toMatchObject({
      hint: expect.stringMatching(/^Set ORCA_API_KEY/),
    });
    await expect(ask(401, "application/json", body, "k")).rejects.toMatchObject({
      hint: expect.stringMatching(/^The key is unknown/),
    });
  });

  test.each([
    [404, 3],
    [502, 4],
  ])("that another program answers with %i says so", async (status, exitCode) => {
    await expect(ask(status, "text/html", "<h1>Hi</h1>")).rejects.toMatchObject({
      message: expect.stringMatching(/answered \d+ with text\/html, which is not how Orca answers/),
      exitCode,
    });
  });

  test.each(["[]", '{"items": [1]}', "<h1>Hi</h1>", ""])(
    "that succeeds with %j is not taken for an answer",
    async (body) => {
      await expect(ask(200, "application/json", body)).rejects.toMatchObject({
        message: expect.stringContaining("GET /runs is not readable"),
        exitCode: 4,
      });
    },
  );

  test("to where nobody listens names the address and what to do", async () => {
    const server = await stubServer(() => undefined);
    await server[Symbol.asyncDispose]();
    await expect(
      createApiClient({ url: server.url, apiKey: null }).get("/runs", Anything),
    ).rejects.toMatchObject({
      code: "unavailable",
      message: `No server answers at ${server.url} (connection refused).`,
      hint: expect.stringContaining("orca server"),
      exitCode: 4,
    });
  });
});
