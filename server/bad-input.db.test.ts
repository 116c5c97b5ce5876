import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createTestDatabase, type TestDatabase } from "./database/test-database.ts";
import type { LoopbackServer } from "./runtime/invokers/testing/loopback-server.ts";
import { createApiCaller, type ApiCaller } from "./testing/api-caller.ts";
import { openServerPlace, type ServerPlace } from "./testing/server-place.ts";
import { troubledRegistry, troubledSkill } from "./testing/troubled-registry.ts";
import { startTroublesomeService } from "./testing/troublesome-service.ts";

const MCP_SERVER = join(import.meta.dirname, "runtime/invokers/testing/mcp-stdio-server.ts");
const CALM = `
id: proof.calm
version: 1.0.0
name: Calm
description: Waits a moment and finds a language, whatever happens to others.
inputs:
  text: { type: string, required: true }
outputs:
  language: { type: string, required: true }
steps:
  - { id: nap, uses: wait.timer, input: { duration_seconds: 0.2 } }
  - id: look
    uses: perception.language.detect
    input: { text: inputs.text }
    output: { language: outputs.language }
`;
const TEXT = "The boats come back on Monday.";

let database: TestDatabase;
let service: LoopbackServer;
let place: ServerPlace;
let api: ApiCaller;

beforeAll(async () => {
  service = await startTroublesomeService();
  database = await createTestDatabase();
  place = await openServerPlace("main", {
    DATABASE_URL: database.connectionString,
    ORCA_ALLOW_STDIO_MCP: "1",
  });
  await place.start();
  api = createApiCaller(place);
  const http = { protocol: "openapi", service: { base_url: service.url } } as const;
  const stdio = (...server: string[]) => ({
    protocol: "mcp" as const,
    service: { server: [process.execPath, ...server] },
  });
  const diagnostics = await api.importFiles({
    ...troubledRegistry([
      { name: "html", operation: "html", ...http },
      { name: "reset", operation: "reset", ...http },
      { name: "away", operation: "away", ...http },
      { name: "huge", operation: "huge", ...http },
      { name: "odd", operation: "odd", ...http },
      { name: "broken", operation: "broken", ...http },
      { name: "nul", operation: "nul", ...http },
      { name: "hang", operation: "hang", ...http, metadata: { timeout_seconds: 0.3 } },
      { name: "slow", operation: "hang", ...http, config: { timeout_seconds: 0.3 } },
      {
        name: "retried",
        operation: "reset",
        ...http,
        config: { retry: { max_attempts: 2, backoff_seconds: 0 } },
      },
      {
        name: "down",
        operation: "act",
        protocol: "openapi",
        service: { base_url: "http://127.0.0.1:9" },
      },
      { name: "ends", operation: "echo", ...stdio("-e", "process.exit(3)") },
      { name: "dies", operation: "die", ...stdio(MCP_SERVER) },
    ]),
    ...troubledSkill("parse", { uses: "data.json.parse", output: { data: "vars.data" } }),
    ...troubledSkill("lost", {
      uses: "perception.language.detect",
      input: { text: "outputs.language.code" },
    }),
    ...troubledSkill("grown", {
      uses: "reasoning.content.template",
      input: { template: "{{text}}{{text}}{{text}}{{text}}", variables: { text: "inputs.text" } },
    }),
    ...troubledSkill("endless", { uses: "skill:proof.endless" }),
    "skills/calm.yaml": CALM,
  });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
});
afterAll(async () => {
  await place.dispose();
  await service[Symbol.asyncDispose]();
  await database.drop();
});

async function expectAlive(): Promise<void> {
  expect((await fetch(`${place.url}/readyz`)).status).toBe(200);
}

describe("a document that cannot be imported", () => {
  const step = (id: string, more: object = {}) => ({
    id,
    uses: "perception.language.detect",
    input: { text: "inputs.text" },
    ...more,
  });
  const skill = (...steps: object[]) =>
    JSON.stringify(
      {
        id: "proof.bad",
        version: "1.0.0",
        name: "Bad",
        description: "Bad.",
        inputs: { text: { type: "string", required: true } },
        steps,
      },
      null,
      2,
    );
  const writing = (target: string) => ({ output: { language: target } });

  test.each([
    ["malformed YAML", "id: proof.bad\nsteps: [\n  - id: a\n", "yaml_syntax", 3],
    ["a tab", "id: proof.bad\n\tversion: 1.0.0\n", "yaml_syntax", 2],
    ["endless nesting", "[".repeat(20_000), "yaml_syntax", 1],
    ["a key twice", skill(step("a")).replace("{", '{"id": "proof.bad",'), "duplicate_key", 2],
    [
      "steps in a circle",
      skill(
        step("a", { config: { depends_on: ["b"] } }),
        step("b", { config: { depends_on: ["a"] } }),
      ),
      "dependency_cycle",
      20,
    ],
    [
      "a dependency that is no step",
      skill(step("a", { config: { depends_on: ["z"] } })),
      "unknown_dependency",
      21,
    ],
    [
      "an unknown capability",
      skill(step("a", { uses: "perception.langage.detect" })),
      "unknown_capability",
      15,
    ],
    [
      "two steps that write one target",
      skill(step("a", writing("vars.x")), step("b", writing("vars.x"))),
      "duplicate_target",
      30,
    ],
    [
      "two outputs of one step for one target",
      skill(step("a", { output: { language: "vars.x", confidence: "vars.x" } })),
      "duplicate_target",
      21,
    ],
    [
      "a broken expression",
      skill(step("a", { config: { condition: "inputs.text === 3" } })),
      "expression_syntax",
      20,
    ],
    ["an input left out", skill(step("a", { input: {} })), "missing_required_input", 16],
  ])(
    "%s is told with its place and a hint, and nothing is written",
    async (_what, content, code, line) => {
      const diagnostics = await api.importFiles({
        "skills/bad.yaml": content,
        "skills/good.yaml": CALM.replace("proof.calm", "proof.good"),
      });
      const errors = diagnostics.filter(({ severity }) => severity === "error");
      expect(errors).toContainEqual(
        expect.objectContaining({
          code,
          path: "skills/bad.yaml",
          line,
          column: expect.any(Number),
        }),
      );
      for (const error of errors) {
        expect(error.column).toBeGreaterThan(0);
        expect(error.message).not.toBe("");
        expect(error.hint).toEqual(expect.stringMatching(/\w/));
      }
      expect((await api.send("/skills/proof.good")).status).toBe(404);
      await expectAlive();
    },
  );
});

describe("a request that cannot be served", () => {
  const ErrorAnswer = z.object({
    error: z.object({ code: z.string(), message: z.string(), hint: z.string() }),
    trace_id: z.string().regex(/^[0-9a-f]{32}$/),
  });
  const start = { skill: "proof.calm", inputs: { text: TEXT } };

  test.each([
    [
      "a missing required input",
      { ...start, inputs: {} },
      400,
      "invalid_request",
      /text is missing/,
    ],
    [
      "an input of the wrong type",
      { ...start, inputs: { text: 7 } },
      400,
      "invalid_request",
      /text is number, expected string/,
    ],
    [
      "inputs that are a list",
      { ...start, inputs: [1] },
      400,
      "invalid_request",
      /at inputs: expected a JSON object/,
    ],
    ["a field that nobody knows", { ...start, inputz: {} }, 400, "invalid_request", /inputz/],
    ["an unknown skill", { ...start, skill: "proof.none" }, 404, "not_found", /proof\.none/],
    ["an unknown version", { ...start, version: "9.9.9" }, 404, "not_found", /proof\.calm@9\.9\.9/],
    ["an unknown environment", { ...start, environment: "mars" }, 404, "not_found", /mars/],
    [
      "a name that no database can hold",
      { ...start, environment: "dev\0" },
      400,
      "invalid_request",
      /NUL/,
    ],
    [
      "an attribute that no database can search",
      { ...start, attributes: { a: "\ud800" } },
      400,
      "invalid_request",
      /attribute.*surrogate/,
    ],
    [
      "a body that is not JSON",
      '{"skill": "proof.calm",\n }',
      400,
      "invalid_request",
      /line 2, column 2/,
    ],
    ["a body that is a list", "[1]", 400, "invalid_request", /JSON object/],
    ["a body without end", "[".repeat(100_000), 400, "invalid_request", /column 100001/],
    [
      "a body of 300 levels",
      `${'{"inputs":'.repeat(300)}1${"}".repeat(300)}`,
      400,
      "invalid_request",
      /200 levels/,
    ],
    [
      "a body of 11 MB",
      JSON.stringify({ ...start, inputs: { text: "x".repeat(11_000_000) } }),
      413,
      "payload_too_large",
      /10485760 bytes/,
    ],
  ])("%s is refused with its place and a hint", async (_what, body, status, code, message) => {
    const answer = await api.send("/runs", body);
    expect(answer.status).toBe(status);
    const { error } = ErrorAnswer.parse(answer.body);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    await expectAlive();
  });
});

describe("a run that meets trouble", () => {
  test.each([
    [
      "a service that answers a web page",
      "html",
      "dev",
      "upstream_failure",
      /proof_html answered with text\/html/,
    ],
    [
      "a service that never answers",
      "hang",
      "dev",
      "upstream_timeout",
      /proof_hang did not answer within 0\.3 s/,
    ],
    [
      "a service slower than its step may be",
      "slow",
      "dev",
      "step_timeout",
      /Step call did not answer within 0\.3 s/,
    ],
    [
      "a service that resets the connection",
      "reset",
      "dev",
      "upstream_failure",
      /proof_reset broke off/,
    ],
    [
      "the same again after a retry",
      "retried",
      "dev",
      "upstream_failure",
      /proof_retried broke off/,
    ],
    [
      "a service that redirects to a metadata address",
      "away",
      "dev",
      "forbidden",
      /proof_away redirects to a metadata address/,
    ],
    [
      "a service at a private address where that is not allowed",
      "html",
      "staging",
      "forbidden",
      /proof_html is at a private/,
    ],
    [
      "a service that answers 11 MB",
      "huge",
      "dev",
      "upstream_failure",
      /proof_huge answered with more than 10485760 bytes/,
    ],
    [
      "a service that answers another type",
      "odd",
      "dev",
      "upstream_failure",
      /answer is number, expected string/,
    ],
    [
      "a service that fails",
      "broken",
      "dev",
      "upstream_failure",
      /proof_broken answered with HTTP status 500/,
    ],
    [
      "a service that is down",
      "down",
      "dev",
      "upstream_failure",
      /proof_down could not be reached \(ECONNREFUSED\)/,
    ],
    [
      "an MCP server that does not start",
      "ends",
      "dev",
      "upstream_failure",
      /proof_ends could not be reached or started/,
    ],
    [
      "an MCP server that dies in a call",
      "dies",
      "dev",
      "upstream_failure",
      /proof_dies died during the call/,
    ],
    [
      "data that a native function cannot read",
      "parse",
      "dev",
      "invalid_request",
      /line 1, column 1/,
    ],
    [
      "a reference to what is not there",
      "lost",
      "dev",
      "invalid_request",
      /reads outputs\.language\.code, which does not exist/,
    ],
    [
      "nesting without end",
      "endless",
      "dev",
      "upstream_failure",
      /^The nested run run_\w+ ended failed: Skills may nest 10 deep/,
    ],
  ])(
    "%s fails with it, keeps it, and disturbs no other",
    async (_what, skill, environment, code, message) => {
      const calm = await api.startRun("proof.calm", { text: TEXT });
      const runId = await api.startRun(`proof.${skill}`, { text: TEXT }, { environment });
      const run = await api.untilEnded(runId);
      expect(run).toMatchObject({
        status: "failed",
        outputs: { language: "en" },
        error: {
          code,
          message: expect.stringMatching(message),
          hint: expect.stringMatching(/\w/),
          details: { step_id: "call" },
        },
      });
      const events = await api.listEvents(runId);
      expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
      const failures = events.filter(({ event_type }) => event_type.endsWith(".failed"));
      expect(failures.map(({ event_type }) => event_type)).toEqual(["step.failed", "run.failed"]);
      for (const { payload } of failures)
        expect(payload).toMatchObject({
          step_id: "call",
          error: { code, message: run.error?.message },
        });
      expect(await api.untilEnded(calm)).toMatchObject({ status: "completed", error: null });
      await expectAlive();
    },
  );

  test("a step whose output is larger than 10 MiB fails with it, and keeps what was before", async () => {
    const runId = await api.startRun("proof.grown", { text: `${TEXT} `.repeat(100_000) });
    const run = await api.untilEnded(runId);
    expect(run).toMatchObject({
      status: "failed",
      outputs: { language: "en" },
      error: {
        code: "payload_too_large",
        message: expect.stringMatching(/step call has \d+ characters; at most 10485760/),
        hint: expect.stringMatching(/reference/),
        details: { step_id: "call" },
      },
    });
    await expectAlive();
  });

  test("a NUL that the database cannot search is kept all the same, and half a surrogate pair replaced", async () => {
    const run = await api.untilEnded(await api.startRun("proof.nul", { text: "in\0put" }));
    expect(run).toMatchObject({ status: "completed", error: null });
    expect(run.outputs?.["answer"]).toBe("a\0b \ufffd");
  });
});

test("nothing of all this was a surprise to the server", () => {
  expect(place.output()).not.toMatch(/"level":(50|60)/);
});
