import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ANY_APPROVALS } from "../../core/approval-policy.ts";
import { DomainError } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import type { PolicySource } from "../../core/policy.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import type { BuiltinModule } from "./builtins/builtin.ts";
import type { StartRunRequest } from "./runtime.ts";
import { inlineCatalog, type InlineCapability } from "./testing/inline-catalog.ts";
import { INLINE_TENANT, startInlineRun, startInlineRuntime } from "./testing/inline-runtime.ts";
import { RunProbe } from "./testing/run-probe.ts";

let database: TestDatabase;
let probe: RunProbe;
beforeAll(async () => {
  database = await createTestDatabase();
  probe = new RunProbe(database);
});
afterAll(async () => {
  await database.drop();
});

/** The functions that were called, in order, by the run's own input. */
const calls: string[] = [];
const noted =
  (name: string) =>
  ({ value }: JsonObject) => {
    calls.push(name);
    return { value: value ?? null, allowed: value !== "bad" };
  };
const FUNCTIONS: BuiltinModule = {
  "note.free.echo": noted("free"),
  "note.elevated.echo": noted("elevated"),
  "note.tenant.echo": ({ value }) => ({ value: value ?? null }),
  "note.pii.echo": noted("pii"),
  "note.inside.echo": noted("inside"),
  "note.broken.read": () => {
    calls.push("broken");
    throw new DomainError("upstream_failure", "The service is down.");
  },
  "note.gated.read": () => {
    calls.push("broken");
    throw new DomainError("upstream_failure", "The service is down.");
  },
  "note.scoped.echo": noted("scoped"),
  "note.gate.ask": noted("gate"),
  "note.gate.wait": async ({ value }) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return { allowed: value !== "bad" };
  },
  "note.gate.break": () => {
    throw new DomainError("upstream_failure", "The gate is down.");
  },
  "note.gate.act": noted("acting gate"),
  "note.guarded.send": noted("guarded"),
};

const gate = (capability: string, onFail: string, more: object = {}) => ({
  capability,
  on_fail: onFail,
  input: { value: "input.value" },
  ...more,
});
const guarded = (
  id: string,
  safety: object,
  effect: InlineCapability["effect"] = "none",
): InlineCapability => ({
  id,
  outputs: ["value"],
  inputs: { value: {} },
  effect,
  safety: { trust_level: "sandbox", ...safety },
});
const GATES = ["ask", "wait", "break"].map((name) => `note.gate.${name}`);
const ON_FAIL = ["block", "warn", "degrade", "require_human"];

const CAPABILITIES: InlineCapability[] = [
  { id: "note.free.echo", outputs: ["value"] },
  guarded("note.elevated.echo", { trust_level: "elevated" }),
  guarded("note.tenant.echo", { allowed_targets: ["same_tenant"] }),
  guarded("note.pii.echo", { data_classification: "pii" }),
  guarded("note.scoped.echo", { scope_constraints: ["no_credential_passthrough"] }),
  {
    ...guarded("note.broken.read", { allowed_targets: ["approved_connectors"] }),
    fallback: { service: "other", operation: "note.inside.echo" },
  },
  ...GATES.map((id) => ({ id, outputs: ["allowed"] })),
  { id: "note.gate.act", outputs: ["allowed"], effect: "write" },
];

type Step = { id: string; uses: string; input?: JsonObject; output?: object; config?: object };

const one = (uses: string, config: object = {}, input: JsonObject = { value: "inputs.value" }) => [
  { id: "step", uses, input, config },
];

async function runSkill(
  steps: Step[],
  options: {
    inputs?: JsonObject;
    policies?: PolicySource[];
    skillPolicy?: object;
    start?: Partial<StartRunRequest>;
    capabilities?: InlineCapability[];
    skills?: object[];
  } = {},
) {
  const skill = {
    id: "policy.tested",
    version: "1.0.0",
    name: "Tested",
    description: "Tested.",
    inputs: { value: {} },
    steps,
    ...(options.skillPolicy === undefined ? {} : { policy: options.skillPolicy }),
  };
  const more = options.capabilities ?? [];
  const runtime = await startInlineRuntime({
    pool: database.pool,
    connectionString: database.connectionString,
    catalog: inlineCatalog({
      capabilities: [...CAPABILITIES, ...more],
      skills: [skill, ...(options.skills ?? [])],
    }),
    functions: { ...functionsFor(more), ...FUNCTIONS },
    policies: options.policies ?? [],
  });
  calls.length = 0;
  const inputs = options.inputs ?? { value: "good" };
  const { runId } = await startInlineRun(runtime, skill.id, inputs, options.start);
  const row = await probe.untilEnded(runId);
  // Another test's runs must not be taken up by a process that does not know their skills.
  await runtime.stop();
  const events = await probe.events(runId);
  return {
    runId,
    row,
    events,
    calls: [...calls],
    evaluated: events
      .filter(({ event_type }) => event_type === "policy.evaluated")
      .map(({ payload }) => payload),
    types: events.map(({ event_type }) => event_type),
  };
}

/** Capabilities that a test makes up are served by one function. */
function functionsFor(capabilities: readonly InlineCapability[]): BuiltinModule {
  return Object.fromEntries(capabilities.map(({ id }) => [id, noted("guarded")]));
}

const CEILING = { policies: [{ max_data_classification: "internal" as const }] };
const RULES: [string, string, string, Parameters<typeof runSkill>[1]][] = [
  ["trust_level", "note.elevated.echo", "safety_denied", {}],
  ["data_classification", "note.pii.echo", "data_classification_denied", CEILING],
];

describe.each(RULES)("%s", (rule, uses, code, options) => {
  const places: [string, Step[]][] = [
    ["a step", one(uses)],
    [
      "each iteration of foreach",
      one(uses, { foreach: { items: "inputs.items" } }, { value: "item" }),
    ],
    ["each iteration of while", one(uses, { while: { condition: "false" } })],
    [
      "a router's case",
      one("note.free.echo", { router: { on: "inputs.value", cases: { good: uses } } }),
    ],
    [
      "a router's default",
      one("note.free.echo", { router: { on: "inputs.value", cases: {}, default: uses } }),
    ],
    [
      "a target of scatter",
      one("note.free.echo", { scatter: { capabilities: [uses, { as: "b", uses }] } }),
    ],
  ];

  test.each(places)("blocks %s before it is called, and says so once", async (_place, steps) => {
    const inputs = { value: "good", items: [1, 2] };
    const run = await runSkill(steps, { ...options, inputs });
    expect(run.row).toMatchObject({ status: "failed", error: { code } });
    expect(run.calls).toEqual([]);
    expect(run.evaluated.length).toBeGreaterThan(0);
    expect(run.evaluated[0]).toMatchObject({
      step_id: "step",
      rule,
      outcome: "blocked",
      capability_id: uses,
    });
    expect(run.types).not.toContain("capability.selected");
  });

  test("does not keep the free target of a scatter from running", async () => {
    const scatter = { capabilities: ["note.free.echo", { as: "b", uses }] };
    const run = await runSkill(one("note.free.echo", { scatter }), options);
    expect(run.row.status).toBe("completed");
    expect(run.calls).toEqual(["free"]);
    expect(run.evaluated).toMatchObject([{ step_id: "step", occurrence: "b", rule }]);
  });

  test("is inherited by nested skills", async () => {
    const skills = [
      { id: "policy.inner", version: "1.0.0", name: "i", description: "i", steps: one(uses) },
    ];
    const run = await runSkill(one("skill:policy.inner"), { ...options, skills });
    expect(run.row).toMatchObject({
      status: "failed",
      error: { code: "upstream_failure", details: { cause: { code } } },
    });
    expect(run.calls).toEqual([]);
  });

  test("passes without an event where it is kept", async () => {
    const run = await runSkill(one(uses), { start: { trust: "elevated" } });
    expect(run.row.status).toBe("completed");
    expect(run.evaluated).toEqual([]);
  });

  test("is not tried again", async () => {
    const retry = { max_attempts: 3, backoff_seconds: 0, retry_on: [code] };
    const run = await runSkill(one(uses, { retry }), options);
    expect(run.types.filter((type) => type === "step.started")).toHaveLength(1);
  });
});

describe("how far a run is trusted", () => {
  const elevated = one("note.elevated.echo");

  test.each<[string, Parameters<typeof runSkill>[1], string, string]>([
    ["as by default", {}, "standard", "failed"],
    ["as far as who starts it", { start: { trust: "privileged" } }, "privileged", "completed"],
    [
      "lower where asked",
      { start: { trust: "privileged", options: { trust_level: "standard" } } },
      "standard",
      "failed",
    ],
    [
      "never higher because asked",
      { start: { options: { trust_level: "privileged" } } },
      "standard",
      "failed",
    ],
    [
      "no further than environment and tenant",
      {
        start: { trust: "privileged" },
        policies: [{ trust_ceiling: "elevated" }, { trust_ceiling: "standard" }],
      },
      "standard",
      "failed",
    ],
    [
      "no further than the skill",
      { start: { trust: "privileged" }, skillPolicy: { trust_ceiling: "sandbox" } },
      "sandbox",
      "failed",
    ],
  ])("is %s", async (_how, options, trust, status) => {
    const run = await runSkill(elevated, options);
    expect(run.row.status).toBe(status);
    expect(run.events[0]?.payload).toMatchObject({ options: { trust_level: trust } });
  });

  test("names who may start it higher", async () => {
    const { row } = await runSkill(elevated);
    expect(row.error).toMatchObject({
      code: "safety_denied",
      hint: expect.stringContaining("elevated"),
      details: { rule: "trust_level", may_override: ["operator", "release_manager", "admin"] },
    });
  });

  test("and its policy pass on to nested runs, which may only be stricter", async () => {
    const inner = { version: "1.0.0", name: "i", description: "i", steps: elevated };
    const skills = [
      { id: "policy.same", ...inner },
      { id: "policy.stricter", ...inner, policy: { trust_ceiling: "standard" } },
    ];
    const start = { trust: "elevated" as const };
    const same = await runSkill(one("skill:policy.same"), { skills, start });
    expect(same.row.status).toBe("completed");
    const stricter = await runSkill(one("skill:policy.stricter"), { skills, start });
    expect(stricter.row.error).toMatchObject({ details: { cause: { code: "safety_denied" } } });
    const byParent = await runSkill(one("skill:policy.same"), {
      skills,
      start,
      skillPolicy: { trust_ceiling: "standard" },
    });
    expect(byParent.row.error).toMatchObject({ details: { cause: { code: "safety_denied" } } });
  });
});

describe("the policy of a run", () => {
  test("is stored once by its hash, which the run names", async () => {
    const policies: PolicySource[] = [
      { trust_ceiling: "elevated", approved_connectors: ["b", "a"] },
    ];
    const first = await runSkill(one("note.free.echo"), { policies });
    const second = await runSkill(one("note.free.echo"), { policies });
    const hash = first.events[0]?.payload["policy_hash"];
    expect(second.events[0]?.payload["policy_hash"]).toBe(hash);
    const { rows } = await database.pool.query(
      "SELECT document FROM policy_snapshots WHERE tenant_id = $1 AND policy_hash = $2",
      [INLINE_TENANT, hash],
    );
    expect(rows).toEqual([
      {
        document: {
          approval_timeout_seconds: null,
          trust_ceiling: "elevated",
          max_data_classification: "restricted",
          approved_connectors: ["a", "b"],
          internal_services: ["*"],
          sandboxed_services: ["*"],
          approvals: ANY_APPROVALS,
        },
      },
    ]);
  });

  test("holds for it in another process too, whatever the environment says by then", async () => {
    const steps = [
      { id: "wait", uses: "wait.signal", input: { name: "go" } },
      { id: "step", uses: "note.pii.echo" },
    ];
    const skill = { id: "policy.waits", version: "1.0.0", name: "w", description: "w", steps };
    const open = (policies: PolicySource[]) =>
      startInlineRuntime({
        pool: database.pool,
        connectionString: database.connectionString,
        catalog: inlineCatalog({ capabilities: CAPABILITIES, skills: [skill] }),
        functions: FUNCTIONS,
        policies,
      });
    const first = await open([{ max_data_classification: "internal" }]);
    const { runId } = await startInlineRun(first, skill.id);
    await probe.until(runId, "waiting_for_signal");
    await first.stop();
    const second = await open([]);
    const request = { tenantId: INLINE_TENANT, runId, actor: "test", name: "go", payload: null };
    await second.command({ ...request, kind: "signal", signalId: "sig_1" });
    const row = await probe.untilEnded(runId);
    await second.stop();
    expect(row.error).toMatchObject({ code: "data_classification_denied" });
  });

  test("that is gone permits nothing", async () => {
    const steps = [
      { id: "wait", uses: "wait.signal", input: { name: "go" } },
      { id: "step", uses: "note.pii.echo" },
    ];
    const skill = { id: "policy.lost", version: "1.0.0", name: "w", description: "w", steps };
    const open = () =>
      startInlineRuntime({
        pool: database.pool,
        connectionString: database.connectionString,
        catalog: inlineCatalog({ capabilities: CAPABILITIES, skills: [skill] }),
        functions: FUNCTIONS,
        policies: [{ internal_services: ["only here"] }],
      });
    const first = await open();
    const { runId } = await startInlineRun(first, skill.id);
    await probe.until(runId, "waiting_for_signal");
    await first.stop();
    await database.pool.query("DELETE FROM policy_snapshots");
    const second = await open();
    const request = { tenantId: INLINE_TENANT, runId, actor: "test", name: "go", payload: null };
    await second.command({ ...request, kind: "signal", signalId: "sig_2" });
    const row = await probe.untilEnded(runId);
    await second.stop();
    expect(row.error).toMatchObject({ code: "data_classification_denied" });
  });
});

test("a call that stays in its tenant is blocked where its input names another one", async () => {
  const capabilities = [
    {
      ...guarded("note.member.find", { allowed_targets: ["same_tenant"] }),
      inputs: { target_tenant_id: {} },
    },
  ];
  const steps = one("note.member.find", {}, { target_tenant_id: "inputs.value" });
  const own = await runSkill(steps, { capabilities, inputs: { value: INLINE_TENANT } });
  expect(own.row.status).toBe("completed");
  const other = await runSkill(steps, { capabilities, inputs: { value: "tnt_other" } });
  expect(other.row.error).toMatchObject({ code: "same_tenant_mismatch" });
  expect(other.calls).toEqual([]);
});

test("a call that takes no credentials along is blocked where its input holds one", async () => {
  const steps = one(
    "note.scoped.echo",
    {},
    { value: { headers: { authorization: "inputs.value" } } },
  );
  const run = await runSkill(steps);
  expect(run.row.error).toMatchObject({
    code: "scope_denied",
    message: expect.stringContaining("value.headers.authorization"),
  });
  expect(JSON.stringify(run.row.error)).not.toContain("good");
  expect(run.calls).toEqual([]);
});

describe("a chain of bindings", () => {
  const steps = one("note.broken.read");

  test("goes on to a fallback that the rules allow", async () => {
    const policies = [{ approved_connectors: ["inline", "other"] }];
    const run = await runSkill(steps, { policies });
    expect(run.row.status).toBe("completed");
    expect(run.calls).toEqual(["broken", "inside"]);
  });

  test("does not take a fallback that they forbid", async () => {
    const run = await runSkill(steps, { policies: [{ approved_connectors: ["inline"] }] });
    expect(run.row.error).toMatchObject({ code: "upstream_failure" });
    expect(run.calls).toEqual(["broken"]);
    const attempts = run.events.filter(({ event_type }) => event_type === "binding.attempted");
    expect(attempts.map(({ payload }) => payload)).toMatchObject([
      { service_id: "inline", status: "failed" },
      { service_id: "other", status: "skipped", error: { code: "target_denied" } },
    ]);
  });

  test("leaves out a first binding that they forbid", async () => {
    const run = await runSkill(steps, { policies: [{ approved_connectors: ["other"] }] });
    expect(run.row.status).toBe("completed");
    expect(run.calls).toEqual(["inside"]);
  });

  test("is blocked where they forbid all of it", async () => {
    const run = await runSkill(steps, { policies: [{ approved_connectors: [] }] });
    expect(run.row.error).toMatchObject({ code: "target_denied" });
    expect(run.evaluated).toMatchObject([{ rule: "allowed_targets", may_override: ["admin"] }]);
    expect(run.calls).toEqual([]);
  });
});

describe("a fallback under gates", () => {
  const gated = (safety: object): InlineCapability => ({
    ...guarded("note.gated.read", safety, "read"),
    fallback: { service: "other", operation: "note.inside.echo" },
  });
  const before = { mandatory_pre_gates: [gate("note.gate.ask", "block")] };
  const after = {
    mandatory_post_gates: [gate("note.gate.ask", "block", { input: { value: "output.value" } })],
  };

  test.each<[string, object, string, string[], string | null]>([
    [
      "is asked about once, and its answer too",
      { ...before, ...after },
      "good",
      ["gate", "broken", "inside", "gate"],
      null,
    ],
    ["is not called where the first binding may not be", before, "bad", ["gate"], "gate_denied"],
    ["is refused for what it answers", after, "bad", ["broken", "inside", "gate"], "gate_denied"],
  ])("%s", async (_how, safety, value, expected, code) => {
    const options = { capabilities: [gated(safety)], inputs: { value } };
    const run = await runSkill(one("note.gated.read"), options);
    expect(run.calls).toEqual(expected);
    expect(run.row.error?.code ?? null).toBe(code);
  });
});

describe.each(["mandatory_pre_gates", "mandatory_post_gates"])("%s", (key) => {
  const isPre = key === "mandatory_pre_gates";
  const rule = isPre ? "pre_gate" : "post_gate";
  const under = (gates: unknown[], effect: InlineCapability["effect"] = "none") => ({
    capabilities: [guarded("note.guarded.send", { [key]: gates }, effect)],
  });
  const guardedCalls = isPre ? [] : ["guarded"];
  const steps = one("note.guarded.send", {
    depends_on: [],
    retry: { max_attempts: 2, backoff_seconds: 0, give_up_on: ["gate_execution_failure"] },
  });
  const after: Step[] = [...steps, { id: "after", uses: "note.free.echo" }];

  describe.each(["note.gate.ask", "note.gate.wait"])("asked through %s", (name) => {
    test("let a call through without an event", async () => {
      const run = await runSkill(steps, under([gate(name, "block")], "write"));
      expect(run.row.status).toBe("completed");
      expect(run.evaluated).toEqual([]);
      expect(run.calls.filter((each) => each !== "gate")).toEqual(["guarded"]);
    });

    test.each<[string, string, string | null, string]>([
      ["block", "failed", "gate_denied", "blocked"],
      ["warn", "completed", null, "warned"],
      ["degrade", "completed", null, "degraded"],
    ])("%s: the run is %s", async (onFail, status, code, outcome) => {
      const options = under([gate(name, onFail)], "write");
      const run = await runSkill(after, { ...options, inputs: { value: "bad" } });
      expect(run.row.status).toBe(status);
      expect(run.row.error?.code ?? null).toBe(code);
      expect(run.evaluated).toMatchObject([{ step_id: "step", rule, outcome, gate: name }]);
      const isCalled = !isPre || onFail === "warn";
      expect(run.calls.includes("guarded")).toBe(isCalled);
      expect(run.types.includes("side_effect.recorded")).toBe(isCalled);
      expect(run.types.includes("step.degraded")).toBe(onFail === "degrade");
      expect(run.calls.includes("free")).toBe(status === "completed");
    });
  });

  test.each(ON_FAIL)("that break block, with on_fail %s too", async (onFail) => {
    const run = await runSkill(steps, under([gate("note.gate.break", onFail)]));
    expect(run.row.error).toMatchObject({ code: "gate_execution_failure" });
    expect(run.row.error?.message).toContain("The gate is down");
    expect(run.calls).toEqual(guardedCalls);
    expect(run.evaluated).toMatchObject([{ rule, outcome: "blocked" }]);
  });

  test.each<[string, unknown]>([
    [
      "whose answer is neither yes nor no",
      gate("note.gate.ask", "warn", { allow_when: "result.value" }),
    ],
    ["whose answer is missing", gate("note.gate.ask", "warn", { allow_when: "not result.found" })],
    ["that do not exist", gate("note.gate.none", "warn")],
    ["that act", gate("note.gate.act", "warn")],
    ["that need trust themselves", gate("note.elevated.echo", "warn")],
    ["that have gates themselves", gate("note.guarded.send", "warn")],
    [
      "whose mapping names what is not there",
      gate("note.gate.ask", "warn", { input: { value: "input.none" } }),
    ],
    [
      "whose expression cannot be read",
      gate("note.gate.ask", "warn", { allow_when: "result.allowed ==" }),
    ],
  ])("%s block", async (_which, document) => {
    const run = await runSkill(steps, under([document]));
    expect(run.row.error).toMatchObject({ code: "gate_execution_failure" });
    expect(run.calls.includes("acting gate")).toBe(false);
    expect(run.calls.includes("guarded")).toBe(!isPre);
  });

  test("are asked in order until one ends it", async () => {
    const gates = [
      gate("note.gate.ask", "warn"),
      gate("note.gate.wait", "degrade"),
      gate("note.gate.break", "block"),
    ];
    const run = await runSkill(steps, { ...under(gates), inputs: { value: "bad" } });
    expect(run.evaluated.map(({ outcome }) => outcome)).toEqual(["warned", "degraded"]);
  });

  test("are asked for every iteration of foreach, whose other iterations go on", async () => {
    const each = one(
      "note.guarded.send",
      { foreach: { items: "inputs.items" } },
      { value: "item" },
    );
    const run = await runSkill(
      [{ ...each[0], id: "step", uses: "note.guarded.send", output: { value: "outputs.values" } }],
      {
        ...under([gate("note.gate.wait", "degrade")]),
        inputs: { value: "", items: ["a", "bad", "c"] },
      },
    );
    expect(run.row).toMatchObject({ status: "completed", outputs: { values: ["a", "c"] } });
    expect(run.evaluated).toMatchObject([{ occurrence: "1", outcome: "degraded" }]);
  });

  test("are asked for every target of a scatter and every iteration of while", async () => {
    const options = { ...under([gate("note.gate.ask", "block")]), inputs: { value: "bad" } };
    const uses = "note.guarded.send";
    const scatter = {
      capabilities: [
        { as: "a", uses },
        { as: "b", uses },
      ],
    };
    const scattered = await runSkill(one("note.free.echo", { scatter }), options);
    expect(scattered.evaluated.map(({ occurrence }) => occurrence)).toEqual(["a", "b"]);
    const looped = await runSkill(one(uses, { while: { condition: "false" } }), options);
    expect(looped.evaluated).toMatchObject([{ occurrence: "0", outcome: "blocked" }]);
    const routed = await runSkill(
      one("note.free.echo", { router: { on: "inputs.value", cases: { bad: uses } } }),
      options,
    );
    expect(routed.row.error).toMatchObject({ code: "gate_denied" });
  });
});

test("a call that acted is not repeated because a post-gate broke", async () => {
  const capabilities = [
    guarded(
      "note.guarded.send",
      { mandatory_post_gates: [gate("note.gate.break", "block")] },
      "write",
    ),
  ];
  const retry = { max_attempts: 3, backoff_seconds: 0 };
  const run = await runSkill(one("note.guarded.send", { retry }), { capabilities });
  expect(run.row.error).toMatchObject({ code: "gate_execution_failure" });
  expect(run.calls).toEqual(["guarded"]);
  expect(run.types).toContain("side_effect.recorded");
});

describe("while a gate thinks", () => {
  let answer = Promise.withResolvers<void>();

  async function startGuarded(key: string) {
    answer = Promise.withResolvers<void>();
    const capability = guarded(
      "note.guarded.send",
      { [key]: [gate("note.gate.think", "block")] },
      "write",
    );
    const skill = {
      id: "policy.thinks",
      version: "1.0.0",
      name: "t",
      description: "t",
      steps: one("note.guarded.send", {}, { value: "good" }),
    };
    const runtime = await startInlineRuntime({
      pool: database.pool,
      connectionString: database.connectionString,
      catalog: inlineCatalog({
        capabilities: [capability, { id: "note.gate.think", outputs: ["allowed"] }],
        skills: [skill],
      }),
      functions: {
        ...FUNCTIONS,
        "note.gate.think": async () => {
          await answer.promise;
          return { allowed: true };
        },
      },
    });
    calls.length = 0;
    const { runId } = await startInlineRun(runtime, skill.id);
    return { runtime, runId };
  }

  async function untilTypes(runId: string, type: string): Promise<string[]> {
    for (;;) {
      const types = await probe.typesOf(runId);
      if (types.includes(type)) return types;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  test("before a call, nothing is announced and nothing called; a cancel ends it there", async () => {
    const { runtime, runId } = await startGuarded("mandatory_pre_gates");
    await untilTypes(runId, "capability.selected");
    await runtime.command({ tenantId: INLINE_TENANT, runId, actor: "test", kind: "cancel" });
    const row = await probe.untilEnded(runId);
    await runtime.stop();
    expect(row.status).toBe("canceled");
    expect(calls).toEqual([]);
    expect(await probe.typesOf(runId)).not.toContain("side_effect.attempted");
  });

  test("after a call, its outcome is not recorded yet: a crash would leave it in doubt, not repeat it", async () => {
    const { runtime, runId } = await startGuarded("mandatory_post_gates");
    const before = await untilTypes(runId, "side_effect.attempted");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(calls).toEqual(["guarded"]);
    expect(before).not.toContain("side_effect.recorded");
    expect(await probe.typesOf(runId)).not.toContain("side_effect.recorded");
    answer.resolve();
    expect((await probe.untilEnded(runId)).status).toBe("completed");
    await runtime.stop();
    expect(await probe.typesOf(runId)).toContain("side_effect.recorded");
  });

  test("after a call, a cancel still records what the call did", async () => {
    const { runtime, runId } = await startGuarded("mandatory_post_gates");
    await untilTypes(runId, "side_effect.attempted");
    await new Promise((resolve) => setTimeout(resolve, 100));
    await runtime.command({ tenantId: INLINE_TENANT, runId, actor: "test", kind: "cancel" });
    const row = await probe.untilEnded(runId);
    await runtime.stop();
    expect(row.status).toBe("canceled");
    const types = await probe.typesOf(runId);
    expect(types).toContain("side_effect.recorded");
    expect(types).toContain("step.canceled");
  });
});
