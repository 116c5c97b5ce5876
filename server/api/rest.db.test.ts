import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { gzipSync } from "node:zlib";
import { EMPTY_REGISTRY } from "./testing/empty-registry.ts";
import { startTestApi, type TestApi } from "./testing/start-test-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ registry: EMPTY_REGISTRY });
  return api.close;
});

const ErrorSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
  trace_id: z.string().regex(/^[0-9a-f]{32}$/),
});
const errorOf = async (response: Response) => ErrorSchema.parse(await response.json());
const RunSchema = z.object({
  run: z.object({ run_id: z.string(), trace_id: z.string(), environment: z.string() }),
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  api.call(path, {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { "content-type": "application/json", ...headers },
  });
const start = async (body: object = {}, headers: Record<string, string> = {}) => {
  const response = await post("/api/v1/runs", { skill: "text.summarize", ...body }, headers);
  expect(response.status).toBe(202);
  return RunSchema.parse(await response.json()).run;
};

describe("a call that cannot be understood", () => {
  test.each([
    ["GET", "/api/v1/nothing", 404, "not_found"],
    ["DELETE", "/api/v1/runs", 405, "method_not_allowed"],
    ["GET", "/api/other", 404, "not_found"],
    ["GET", "/api/v1/runs/not-a-run", 400, "invalid_request"],
    ["GET", "/api/v1/runs/run_1", 404, "run_not_found"],
    ["GET", "/api/v1/runs?limit=501", 400, "invalid_request"],
    ["GET", "/api/v1/runs?limit=many", 400, "invalid_request"],
    ["GET", "/api/v1/runs?status=sleeping", 400, "invalid_request"],
    ["GET", "/api/v1/runs?cursor=bogus", 400, "invalid_request"],
  ])("%s %s answers %i %s", async (method, path, status, code) => {
    const response = await api.call(path, { method });
    expect(response.status).toBe(status);
    expect((await errorOf(response)).error.code).toBe(code);
  });

  test("a method that is not served names those that are", async () => {
    expect(
      (await api.call("/api/v1/runs", { method: "DELETE" })).headers
        .get("allow")
        ?.split(", ")
        .sort(),
    ).toEqual(["GET", "POST"]);
  });

  test("malformed JSON is told with its line and column", async () => {
    const { error } = await errorOf(await post("/api/v1/runs", '{"skill": "a",\n "inputs": {x}}'));
    expect(error).toMatchObject({ code: "invalid_request", details: { line: 2, column: 13 } });
    expect(error.message).toContain("line 2, column 13");
  });

  test("a wrong field is named with its path", async () => {
    const { error } = await errorOf(
      await post("/api/v1/runs", { skill: "a.b", options: { timeout_seconds: -1 } }),
    );
    expect(error.details).toMatchObject({ fields: [{ path: "options.timeout_seconds" }] });
  });

  test("an unknown field is refused, so that a typo does not go unnoticed", async () => {
    const { error } = await errorOf(
      await post("/api/v1/runs", { skill: "a.b", enviroment: "prod" }),
    );
    expect(error.message).toContain("enviroment");
  });

  test("what is missing or unknown is told in the words of JSON", async () => {
    const { error } = await errorOf(await post("/api/v1/runs", { skil: "a.b" }));
    expect(error.details).toMatchObject({
      fields: [
        { path: "skill", message: "missing, expected string" },
        { path: "", message: 'unknown field "skil"' },
      ],
    });
  });

  test("a body over 10 MiB is refused as too large", async () => {
    const response = await post("/api/v1/runs", `"${"x".repeat(10 * 1024 * 1024)}"`);
    expect(response.status).toBe(413);
    expect((await errorOf(response)).error.code).toBe("payload_too_large");
  });

  test("a body nested beyond reason is refused and the server lives", async () => {
    const response = await post("/api/v1/runs", `${"[".repeat(100_000)}${"]".repeat(100_000)}`);
    expect((await errorOf(response)).error.details).toMatchObject({ max_depth: 200 });
    expect((await api.call("/healthz")).status).toBe(200);
  });

  test("a body with a key that could pass for a prototype is refused", async () => {
    const { error } = await errorOf(
      await post("/api/v1/runs", '{"skill":"a.b","inputs":{"x":[{"__proto__":{"y":1}}]}}'),
    );
    expect(error.message).toContain("__proto__");
  });

  test("a body that is not UTF-8 is refused", async () => {
    const response = await api.call("/api/v1/runs", {
      method: "POST",
      body: new Uint8Array([0x22, 0xff, 0x22]),
    });
    expect((await errorOf(response)).error.message).toContain("UTF-8");
  });
});

describe("starting a run", () => {
  test("answers 202 with the run, under the caller's trace", async () => {
    const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    const run = await start(
      { environment: "dev" },
      { traceparent: `00-${trace}-00f067aa0ba902b7-01` },
    );
    expect(run).toMatchObject({ trace_id: trace, environment: "dev" });
  });

  test("the same Idempotency-Key with the same input answers with the first run", async () => {
    const first = await start({ inputs: { n: 1 } }, { "idempotency-key": "k-same" });
    const again = await post(
      "/api/v1/runs",
      { inputs: { n: 1 }, skill: "text.summarize" },
      { "idempotency-key": "k-same" },
    );
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(RunSchema.parse(await again.json()).run.run_id).toBe(first.run_id);
  });

  test("the same Idempotency-Key with another input is a conflict that names the first run", async () => {
    const first = await start({ inputs: { n: 1 } }, { "idempotency-key": "k-other" });
    const response = await post(
      "/api/v1/runs",
      { skill: "text.summarize", inputs: { n: 2 } },
      { "idempotency-key": "k-other" },
    );
    expect(response.status).toBe(409);
    expect((await errorOf(response)).error).toMatchObject({
      code: "idempotency_conflict",
      details: { run_id: first.run_id },
    });
  });

  test("of many calls with one key at once exactly one starts a run", async () => {
    const before = api.runtime.started.length;
    const runs = await Promise.all(
      Array.from({ length: 8 }, () => start({}, { "idempotency-key": "k-race" })),
    );
    expect(new Set(runs.map((run) => run.run_id)).size).toBe(1);
    expect(api.runtime.started.length - before).toBe(1);
  });

  test("two tenants may use the same key", async () => {
    await api.addTenant("race");
    const other = await api.addKey("race", ["run:start"]);
    const mine = await start({}, { "idempotency-key": "k-tenants" });
    const theirs = await start(
      {},
      { "idempotency-key": "k-tenants", authorization: `Bearer ${other}` },
    );
    expect(theirs.run_id).not.toBe(mine.run_id);
  });

  test("a refused call gives its key back to the mended one", async () => {
    const refused = await post(
      "/api/v1/runs",
      { skill: "unknown.skill" },
      { "idempotency-key": "k-refused" },
    );
    expect(refused.status).toBe(404);
    await start({}, { "idempotency-key": "k-refused" });
  });

  test("a call that died before its run was stored is taken up under the reserved id", async () => {
    const first = await start({}, { "idempotency-key": "k-died" });
    await api.database.pool.query("DELETE FROM runs WHERE run_id = $1", [first.run_id]);
    await api.database.pool.query("DELETE FROM event_segments WHERE run_id = $1", [first.run_id]);
    expect((await start({}, { "idempotency-key": "k-died" })).run_id).toBe(first.run_id);
  }, 20_000);

  test("a key is free again after a day", async () => {
    const first = await start({}, { "idempotency-key": "k-day" });
    await api.database.pool.query(
      "UPDATE idempotency_keys SET created_at = created_at - interval '25 hours' WHERE key = 'k-day'",
    );
    expect(
      (await start({ inputs: { other: true } }, { "idempotency-key": "k-day" })).run_id,
    ).not.toBe(first.run_id);
  });

  test("with wait, answers 200 once the run has ended", async () => {
    const waiting = post("/api/v1/runs?wait=30", { skill: "text.wait" });
    await expect.poll(() => api.runtime.started.at(-1)?.skillId).toBe("text.wait");
    const { rows } = await api.database.pool.query<{ run_id: string }>(
      "SELECT run_id FROM runs WHERE skill_id = 'text.wait'",
    );
    await expect.poll(() => api.runtime.followers()).toBe(1);
    await api.runtime.append(
      "acme",
      rows[0]?.run_id ?? "",
      [{ type: "run.completed", payload: { outputs: {} } }],
      "completed",
    );
    const response = await waiting;
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ run: { status: "completed" } });
  });

  test("with wait, answers 202 where the run is still going when the time is over", async () => {
    const response = await post("/api/v1/runs?wait=0.05", { skill: "text.slow" });
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ run: { status: "pending" } });
  });
});

describe("commands", () => {
  test("canceling answers the run as it is afterwards", async () => {
    const { run_id: runId } = await start();
    const response = await post(`/api/v1/runs/${runId}/cancel`, { reason: "a mistake" });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ run: { run_id: runId, status: "canceled" } });
  });

  test("a refused transition is a 409", async () => {
    const { run_id: runId } = await start();
    const response = await post(`/api/v1/runs/${runId}/pause`, {});
    expect(response.status).toBe(409);
    expect((await errorOf(response)).error.code).toBe("invalid_transition");
  });
});

describe("uploads", () => {
  const tarOf = (name: string, content: string) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write("0000644\0", 100);
    header.write("0000000\0", 108);
    header.write("0000000\0", 116);
    header.write(`${Buffer.byteLength(content).toString(8).padStart(11, "0")}\0`, 124);
    header.write("00000000000\0", 136);
    header.write("        ", 148);
    header.write("0", 156);
    header.write("ustar\x0000", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    const body = Buffer.alloc(Math.ceil(Buffer.byteLength(content) / 512) * 512);
    body.write(content);
    return gzipSync(Buffer.concat([header, body, Buffer.alloc(1024)]));
  };

  test("a tar.gz as the body is imported", async () => {
    const response = await api.call("/api/v1/registry/import", {
      method: "POST",
      body: new Uint8Array(tarOf("capabilities/a.yaml", "id: a.b\n")),
      headers: { "content-type": "application/gzip" },
    });
    expect(await response.json()).toMatchObject({ imported: { capabilities: 1 } });
  });

  test("a form with an archive and a document is imported", async () => {
    const form = new FormData();
    form.append(
      "files",
      new File([new Uint8Array(tarOf("capabilities/a.yaml", "id: a.b\n"))], "registry.tar.gz"),
    );
    form.append("files", new File(["id: c.d\n"], "capabilities/c.yaml"));
    const response = await api.call("/api/v1/registry/import?dry_run=true", {
      method: "POST",
      body: form,
    });
    expect(await response.json()).toMatchObject({ imported: { capabilities: 2 } });
  });

  test("what is no archive is refused", async () => {
    const response = await api.call("/api/v1/registry/import", {
      method: "POST",
      body: "hello",
      headers: { "content-type": "application/zip" },
    });
    expect((await errorOf(response)).error.code).toBe("invalid_request");
  });
});
