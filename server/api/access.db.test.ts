import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { PERMISSIONS, ROLE_PERMISSIONS, ROLES, type Permission } from "../../core/permissions.ts";
import { REST_ROUTES } from "./rest-routes.ts";
import { EMPTY_REGISTRY } from "./testing/empty-registry.ts";
import { type CallInit, startTestApi, type TestApi } from "./testing/start-test-api.ts";

let api: TestApi;
let foreignRunId: string;
beforeAll(async () => {
  api = await startTestApi({ registry: EMPTY_REGISTRY });
  await api.addTenant("other");
  foreignRunId = await startRun(await api.addKey("other", PERMISSIONS));
  return api.close;
});

const CodeSchema = z.object({ error: z.object({ code: z.string() }) });
const codeOf = async (response: Response) => CodeSchema.parse(await response.json()).error.code;
const withKey = (key: string, path: string, init: CallInit = {}) =>
  api.call(path, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } });
const withCookie = (cookie: string, path: string, init: CallInit = {}) =>
  fetch(`${api.baseUrl}${path}`, { ...init, headers: { cookie, ...init.headers } });

async function startRun(key: string): Promise<string> {
  const response = await withKey(key, "/api/v1/runs", {
    method: "POST",
    body: JSON.stringify({ skill: "a.b" }),
  });
  return z.object({ run: z.object({ run_id: z.string() }) }).parse(await response.json()).run
    .run_id;
}

const pathOf = (path: string) =>
  `/api/v1${path.replace("{run_id}", "run_1").replace("{checkpoint_id}", "chk_1_1").replace("{api_key_id}", "key_1").replace("{approval_id}", "apr_1_1").replace("{id}", "some.id")}`;
const PROTECTED = REST_ROUTES.filter((route) => route.meta.permission !== null);

describe.each(REST_ROUTES.map((route) => [route.name, route] as const))("%s", (_name, route) => {
  const ask = (authorization: string | null) =>
    fetch(`${api.baseUrl}${pathOf(route.meta.path)}`, {
      method: route.meta.method,
      ...(authorization === null ? {} : { headers: { authorization } }),
      ...(route.meta.method === "GET" ? {} : { body: "{}" }),
    });

  test("refuses strangers and keys that are none", async () => {
    for (const authorization of [null, "Bearer orca_00000000_nothing", "Basic YTpi", "Bearer"]) {
      const response = await ask(authorization);
      expect([response.status, await codeOf(response)]).toEqual([401, "unauthorized"]);
    }
  });
});

test.each(PROTECTED.map((route) => [route.name, route] as const))(
  "%s refuses a key with every scope but its own",
  async (_name, route) => {
    const key = await api.addKey(
      "acme",
      PERMISSIONS.filter((permission) => permission !== route.meta.permission),
    );
    const response = await withKey(key, pathOf(route.meta.path), {
      method: route.meta.method,
      ...(route.meta.method === "GET" ? {} : { body: "{}" }),
    });
    expect([response.status, await codeOf(response)]).toEqual([403, "forbidden"]);
  },
);

test("a key does with its one scope what that scope says, and nothing else", async () => {
  const key = await api.addKey("acme", ["run:read"]);
  expect((await withKey(key, "/api/v1/runs")).status).toBe(200);
  expect((await withKey(key, "/api/v1/skills")).status).toBe(403);
  expect((await withKey(key, "/metrics")).status).toBe(403);
});

describe("another tenant's run", () => {
  test.each([
    ["GET", ""],
    ["GET", "/events"],
    ["GET", "/steps"],
    ["GET", "/checkpoints"],
    ["GET", "/checkpoints/latest"],
    ["GET", "/checkpoints/latest/state"],
    ["GET", "/checkpoints/latest/changes"],
    ["POST", "/checkpoints/latest/pin"],
    ["POST", "/checkpoints/latest/unpin"],
    ["POST", "/plan"],
    ["POST", "/replay"],
    ["POST", "/fork"],
    ["POST", "/resume"],
    ["GET", "/lineage"],
    ["GET", "/graph"],
    ["GET", "/pack"],
    ["GET", "/stream"],
    ["POST", "/cancel"],
    ["POST", "/signal"],
  ])("%s %s is a run that does not exist", async (method, verb) => {
    const body = verb === "/signal" ? '{"name":"go"}' : "{}";
    const response = await api.call(`/api/v1/runs/${foreignRunId}${verb}`, {
      method,
      ...(method === "GET" ? {} : { body }),
    });
    expect([response.status, await codeOf(response)]).toEqual([404, "run_not_found"]);
  });

  test("is in no list", async () => {
    expect(await (await api.call(`/api/v1/runs?q=${foreignRunId}`)).json()).toEqual({
      items: [],
      next_cursor: null,
    });
  });
});

describe("an API key", () => {
  const KeySchema = z.object({
    api_key_id: z.string(),
    key: z.string(),
    scopes: z.array(z.string()),
  });
  const create = (scopes: Permission[], key = api.key) =>
    withKey(key, "/api/v1/api-keys", {
      method: "POST",
      body: JSON.stringify({ name: "ci", scopes }),
    });

  test("is shown once, works, is listed without itself, and is refused as soon as it is revoked", async () => {
    const response = await create(["run:read"]);
    expect(response.status).toBe(201);
    const { key, api_key_id: id } = KeySchema.parse(await response.json());
    expect((await withKey(key, "/api/v1/runs")).status).toBe(200);
    const list = await (await api.call("/api/v1/api-keys")).text();
    expect(list).toContain(id);
    expect(list).not.toContain(key);
    expect(
      (await api.call(`/api/v1/api-keys/${id}/revoke`, { method: "POST", body: "{}" })).status,
    ).toBe(200);
    expect((await withKey(key, "/api/v1/runs")).status).toBe(401);
  });

  test("is stored as a hash only", async () => {
    const { key } = KeySchema.parse(await (await create(["run:read"])).json());
    const { rows } = await api.database.pool.query("SELECT * FROM api_keys");
    expect(JSON.stringify(rows)).not.toContain(key.split("_")[2]);
  });

  test("cannot be given what its maker may not do", async () => {
    const limited = await api.addKey("acme", ["key:manage", "run:read"]);
    expect((await create(["run:cancel"], limited)).status).toBe(403);
    expect((await create(["run:read"], limited)).status).toBe(201);
  });

  test("of another tenant cannot be seen or revoked", async () => {
    const other = await api.addKey("other", PERMISSIONS);
    const { api_key_id: id, key } = KeySchema.parse(
      await (await create(["run:read"], other)).json(),
    );
    expect(
      (await api.call(`/api/v1/api-keys/${id}/revoke`, { method: "POST", body: "{}" })).status,
    ).toBe(404);
    expect((await withKey(key, "/api/v1/runs")).status).toBe(200);
    expect(await (await api.call("/api/v1/api-keys")).text()).not.toContain(id);
  });

  test("remembers when it was used, to the minute", async () => {
    const key = await api.addKey("acme", ["run:read"]);
    await withKey(key, "/api/v1/runs");
    const first = await api.database.prisma.apiKey.findFirst({
      where: { scopes: { equals: ["run:read"] } },
      orderBy: { lastUsedAt: { sort: "desc", nulls: "last" } },
    });
    expect(first?.lastUsedAt).not.toBeNull();
    await withKey(key, "/api/v1/runs");
    const again = await api.database.prisma.apiKey.findUnique({ where: { id: first?.id ?? "" } });
    expect(again?.lastUsedAt).toEqual(first?.lastUsedAt);
  });

  test("that is not valid is refused even beside a session that is", async () => {
    const cookie = await api.addSession("acme", "admin");
    expect(
      (await withCookie(cookie, "/api/v1/runs", { headers: { authorization: "Bearer nonsense" } }))
        .status,
    ).toBe(401);
  });
});

describe("a session", () => {
  test.each(ROLES.flatMap((role) => PROTECTED.map((route) => [role, route.name, route] as const)))(
    "of a %s at %s is admitted just where the role says",
    async (role, _name, route) => {
      const cookie = await api.addSession("acme", role);
      const response = await withCookie(cookie, pathOf(route.meta.path), {
        method: route.meta.method,
        headers: { "sec-fetch-site": "same-origin" },
        ...(route.meta.method === "GET" ? {} : { body: "[]" }),
      });
      const isAdmitted =
        route.meta.permission !== null && ROLE_PERMISSIONS[role].includes(route.meta.permission);
      // A body that is no object is refused to those who are admitted, so that nobody changes anything here.
      expect(response.status === 403).toBe(!isAdmitted);
      await response.body?.cancel();
    },
  );

  test.each([
    ["from another site", { "sec-fetch-site": "cross-site" }],
    ["from a sister site", { "sec-fetch-site": "same-site" }],
    ["with another origin", { origin: "https://evil.example" }],
    ["without saying from where", {}],
  ])("does not change anything %s", async (_name, headers) => {
    const cookie = await api.addSession("acme", "admin");
    for (const path of ["/api/v1/runs", "/api/trpc/runs.start"]) {
      const before = api.runtime.started.length;
      const response = await withCookie(cookie, path, {
        method: "POST",
        body: '{"skill":"a.b"}',
        headers: { "content-type": "application/json", ...headers },
      });
      expect(response.status).toBe(403);
      expect(api.runtime.started.length).toBe(before);
    }
  });

  test.each(["same-origin header", "own origin"])(
    "changes things from our own pages (%s)",
    async (kind) => {
      const cookie = await api.addSession("acme", "operator");
      const headers: Record<string, string> =
        kind === "own origin" ? { origin: api.baseUrl } : { "sec-fetch-site": "same-origin" };
      const response = await withCookie(cookie, "/api/v1/runs", {
        method: "POST",
        body: '{"skill":"a.b"}',
        headers,
      });
      expect(response.status).toBe(202);
    },
  );

  test("that was forged or made with another secret is none", async () => {
    const cookie = await api.addSession("acme", "admin");
    expect((await withCookie(`${cookie.slice(0, -4)}AAAA`, "/api/v1/runs")).status).toBe(401);
    expect((await withCookie("next-auth.session-token=nonsense", "/api/v1/runs")).status).toBe(401);
  });

  test("ends with the membership, at once", async () => {
    const cookie = await api.addSession("acme", "viewer");
    expect((await withCookie(cookie, "/api/v1/runs")).status).toBe(200);
    await api.database.prisma.membership.deleteMany({ where: { role: "viewer" } });
    expect((await withCookie(cookie, "/api/v1/runs")).status).toBe(401);
  });

  test("tells its person, tenant, role and environments", async () => {
    const cookie = await api.addSession("acme", "operator");
    expect(await (await withCookie(cookie, "/api/v1/me")).json()).toMatchObject({
      user: { name: "Ada" },
      tenant: { tenant_id: "acme", name: "The acme" },
      role: "operator",
      environments: ["dev"],
    });
  });
});

test("/metrics is for those who may read it, and /healthz and the OpenAPI document are for all", async () => {
  expect((await fetch(`${api.baseUrl}/metrics`)).status).toBe(401);
  expect(await (await api.call("/metrics")).text()).toContain("orca_http_requests_total");
  for (const path of ["/healthz", "/readyz", "/api/v1/openapi.json", "/api/v1/docs"]) {
    expect((await fetch(`${api.baseUrl}${path}`)).status).toBe(200);
  }
});

test("/readyz says what is missing", async () => {
  api.readiness.isReady = false;
  api.readiness.checks = { database: "cannot be reached" };
  const response = await fetch(`${api.baseUrl}/readyz`);
  expect([response.status, await response.json()]).toEqual([
    503,
    { status: "unavailable", checks: { database: "cannot be reached" } },
  ]);
});

test("every answer carries the security headers and its trace", async () => {
  for (const path of ["/healthz", "/api/v1/nothing", "/api/v1/docs"]) {
    const { headers } = await api.call(path, {
      headers: { traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" },
    });
    expect(headers.get("content-security-policy")).toMatch(
      /default-src 'none'.*frame-ancestors 'none'/,
    );
    expect(Object.fromEntries(headers)).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "strict-origin-when-cross-origin",
      "x-trace-id": "4bf92f3577b34da6a3ce929d0e0e4736",
    });
  }
});

test("a caller that hurries is asked to wait, for how long, and others are not", async () => {
  const limited = await startTestApi({
    registry: EMPTY_REGISTRY,
    callLimit: { burst: 3, perSecond: 0.001 },
  });
  const other = await limited.addKey("acme", ["run:read"]);
  const answers: Response[] = [];
  for (let call = 0; call < 4; call += 1) answers.push(await limited.call("/api/v1/runs"));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  expect(Number(answers.at(-1)?.headers.get("retry-after"))).toBeGreaterThan(900);
  expect(
    (await limited.call("/api/v1/runs", { headers: { authorization: `Bearer ${other}` } })).status,
  ).toBe(200);
  await limited.close();
});

test.each<[string, readonly Permission[], string]>([
  ["starts", ["run:start"], "standard"],
  ["may have runs trusted further", ["run:start", "trust:elevated"], "elevated"],
  ["may everything", PERMISSIONS, "privileged"],
])("a run of a key that %s is started with its trust", async (_who, scopes, trust) => {
  await startRun(await api.addKey("acme", scopes));
  expect(api.runtime.started.at(-1)?.trust).toBe(trust);
});

test.each([
  ["author", "standard"],
  ["operator", "elevated"],
  ["release_manager", "elevated"],
  ["admin", "privileged"],
] as const)("a run that a person of role %s starts is trusted as %s", async (role, trust) => {
  const cookie = await api.addSession("acme", role);
  const response = await withCookie(cookie, "/api/v1/runs", {
    method: "POST",
    body: JSON.stringify({ skill: "a.b" }),
    headers: { "sec-fetch-site": "same-origin" },
  });
  expect(response.status).toBe(202);
  expect(api.runtime.started.at(-1)?.trust).toBe(trust);
});
