import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../../core/json.ts";
import type { BuiltinContext } from "../builtin.ts";
import { makeBuiltinContext } from "../testing/make-builtin-context.ts";
import { DECISION_MODULE } from "./decision-module.ts";
import { asText } from "../as-text.ts";

async function call(
  name: string,
  input: JsonObject,
  context: BuiltinContext = makeBuiltinContext(),
): Promise<JsonObject> {
  const builtin = DECISION_MODULE[name];
  if (builtin === undefined) throw new Error(`no function ${name}`);
  return builtin(input, context);
}

describe("branch", () => {
  const branches = [
    { id: "approve", label: "Approve", match_expression: "gate == pass and risk != critical" },
    { id: "block", label: "Block", match: "gate == block" },
  ];

  test.each([
    [{ gate: "pass", risk: "low" }, "approve", 1],
    [{ gate: "block", risk: "low" }, "block", 1],
    [{ gate: "pass", risk: "critical" }, "escalate", 0.5],
  ])("%j leads to %s", async (context, branch, confidence) => {
    expect(
      await call("branch", { condition: "Which?", context, branches, default_branch: "escalate" }),
    ).toMatchObject({ selected_branch: branch, confidence });
  });

  test("takes the first branch where nothing holds and there is no default, and says so", async () => {
    expect(await call("branch", { condition: "?", context: {}, branches })).toMatchObject({
      selected_branch: "approve",
      confidence: 0,
      status: "partial",
    });
    await expect(
      call("branch", { condition: "?", context: {}, branches: [] }),
    ).rejects.toMatchObject({ code: "invalid_request" });
  });

  test("evaluates its condition for branches named true and false", async () => {
    const input = { context: { n: 3 }, branches: [{ id: "true" }, { id: "false" }] };
    expect((await call("branch", { ...input, condition: "n > 2" })).selected_branch).toBe("true");
    expect((await call("branch", { ...input, condition: "n > 5" })).selected_branch).toBe("false");
  });
});

test("route makes no target up", async () => {
  const agents = [{ id: "billing", keywords: ["invoice", "refund"] }, "support"];
  expect(await call("route", { query: "a refund of my invoice", agents })).toMatchObject({
    route: "billing",
    status: "ok",
  });
  expect(await call("route", { query: "hello", agents })).toMatchObject({
    route: "unrouted",
    confidence: 0,
  });
  expect(await call("route", { query: "hello" })).toMatchObject({
    route: "unrouted",
    status: "partial",
  });
});

test("generate_options gives as many stances as asked, tied to the goal", async () => {
  const { options } = await call("generate_options", { goal: "Enter market X?", max_options: 3 });
  expect(options).toMatchObject([
    { id: "proceed", description: "Commit now, with the whole scope: Enter market X." },
    { id: "pilot" },
    { id: "phased" },
  ]);
});

test("justify_option recommends the highest score and is less sure when it is close", async () => {
  const scored = [
    { id: "a", label: "A", overall_score: 0.5 },
    { id: "b", label: "B", overall_score: 0.9 },
  ];
  const clear = await call("justify_option", {
    scored_options: scored,
    analyzed_options: [{ id: "b", label: "B", risks: ["It may break."] }],
    goal: "g",
  });
  expect(clear).toMatchObject({
    recommendation: "B",
    confidence_level: "high",
    failure_modes: ["If this holds, the choice fails: It may break."],
    alternatives_considered: [{ id: "a" }],
  });
  const close = await call("justify_option", {
    scored_options: [
      { id: "a", score: 0.5 },
      { id: "b", score: 0.49 },
    ],
    analyzed_options: [],
    goal: "g",
  });
  expect(close).toMatchObject({ recommendation: "a", confidence_level: "low" });
  await expect(
    call("justify_option", { scored_options: [], analyzed_options: [], goal: "g" }),
  ).rejects.toMatchObject({ code: "invalid_request" });
});

test("catch_error applies each strategy, and one key escalates once", async () => {
  const context = makeBuiltinContext({ idempotencyKey: "k" });
  const error = { code: "x" };
  expect(
    await call("catch_error", { error, fallback_strategy: "default", default_value: { a: 1 } }),
  ).toMatchObject({ result: { a: 1 }, recovered: true });
  expect(await call("catch_error", { error, fallback_strategy: "skip" })).toMatchObject({
    recovered: true,
  });
  expect(await call("catch_error", { error, fallback_strategy: "retry" })).toMatchObject({
    recovered: false,
    status: "partial",
  });
  const [first, second] = [
    await call("catch_error", { error, fallback_strategy: "escalate" }, context),
    await call("catch_error", { error, fallback_strategy: "escalate" }, context),
  ];
  expect(first["escalation_id"]).toBe(second["escalation_id"]);
  expect(await context.records.list("escalations", 10)).toHaveLength(1);
  await expect(call("catch_error", { error, fallback_strategy: "pray" })).rejects.toMatchObject({
    code: "invalid_request",
  });
});

test("delegate puts a task on the agent's list", async () => {
  const context = makeBuiltinContext();
  const { delegation_id: id } = await call(
    "delegate",
    { task: { do: "x" }, agent: "night-shift" },
    context,
  );
  expect(await context.records.get("delegations", asText(id))).toMatchObject({
    agent: "night-shift",
    state: "waiting",
  });
});
