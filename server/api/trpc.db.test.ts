import { createTRPCClient, httpBatchLink, TRPCClientError } from "@trpc/client";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { AppRouter } from "./router.ts";
import { EMPTY_REGISTRY } from "./testing/empty-registry.ts";
import { startTestApi, type TestApi } from "./testing/start-test-api.ts";

let api: TestApi;
let client: ReturnType<typeof createTRPCClient<AppRouter>>;
beforeAll(async () => {
  api = await startTestApi({ registry: EMPTY_REGISTRY });
  const cookie = await api.addSession("acme", "operator");
  const headers = { cookie, "sec-fetch-site": "same-origin" };
  client = createTRPCClient<AppRouter>({
    links: [httpBatchLink({ url: `${api.baseUrl}/api/trpc`, headers })],
  });
  return api.close;
});

const DataSchema = z.object({
  httpStatus: z.int(),
  error: z.object({ code: z.string(), message: z.string() }),
  trace_id: z.string(),
});
async function refusalOf(call: Promise<unknown>) {
  const thrown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  return DataSchema.parse(thrown instanceof TRPCClientError ? thrown.data : null);
}

test("a page's calls get typed answers, several in one request", async () => {
  const { run } = await client.runs.start.mutate({ skill: "a.b", inputs: { n: 1 } });
  const [list, me] = await Promise.all([client.runs.list.query({}), client.me.get.query()]);
  expect(list.items.map((item) => item.run_id)).toContain(run.run_id);
  expect(me.role).toBe("operator");
});

test("a refusal carries the product's own code, hint and trace, and no stack", async () => {
  const data = await refusalOf(client.runs.get.query({ run_id: "run_0" }));
  expect(data).toMatchObject({ httpStatus: 404, error: { code: "run_not_found" } });
  const raw = await (
    await api.call(`/api/trpc/runs.get?input=${encodeURIComponent('{"run_id":"run_0"}')}`)
  ).text();
  expect(raw).not.toContain("stack");
});

test.each([
  ["a wrong input", () => client.runs.list.query({ limit: 0 }), 400, "invalid_request"],
  ["a permission that the role lacks", () => client.apiKeys.list.query({}), 403, "forbidden"],
  [
    "a transition that is not allowed",
    async () =>
      client.runs.pause.mutate({
        run_id: (await client.runs.start.mutate({ skill: "a.b" })).run.run_id,
      }),
    409,
    "invalid_transition",
  ],
] as const)("%s is told with its code", async (_name, call, status, code) => {
  expect(await refusalOf(call())).toMatchObject({ httpStatus: status, error: { code } });
});

test.each([
  ["GET", "/api/trpc/runs.get?input=%7B%22run_id%22%3A%22run_0%22%7D", undefined, 404],
  ["GET", "/api/trpc/no.such", undefined, 404],
  ["GET", "/api/trpc/runs.start?input=%7B%22skill%22%3A%22a.b%22%7D", undefined, 405],
  ["POST", "/api/trpc/runs.start", "{", 400],
  ["POST", "/api/trpc/runs.start", `"${"x".repeat(10 * 1024 * 1024)}"`, 413],
])("%s %s answers with the status of its error", async (method, path, body, status) => {
  const response = await api.call(path, {
    method,
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body }),
  });
  expect(response.status).toBe(status);
});
