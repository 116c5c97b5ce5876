import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../../core/json.ts";
import { makeBuiltinContext } from "../testing/make-builtin-context.ts";
import { POLICY_MODULE } from "./policy-module.ts";

async function call(name: string, input: JsonObject): Promise<JsonObject> {
  const builtin = POLICY_MODULE[name];
  if (builtin === undefined) throw new Error(`no function ${name}`);
  return builtin(input, makeBuiltinContext());
}

describe("gate", () => {
  test.each<[JsonObject, string[]]>([
    [{ required_keys: ["title", "plan"] }, ["plan"]],
    [{ forbidden_keys: ["wip", "title"] }, ["wip", "title"]],
    [{ max_values: { amount: 10, missing: 1 } }, ["amount", "missing"]],
    [{ min_values: { amount: 10 } }, []],
    [{ allowed_values: { title: ["a", "b"] } }, []],
    [{ predicates: ["amount > 5", "amount < 5"] }, ["amount < 5"]],
    [{ schema: { properties: { title: { type: "number" } } } }, ["/title"]],
    [{ requierd_keys: ["x"] }, ["requierd_keys"]],
  ])("%j is broken at %j", async (rules, fields) => {
    const payload = { title: "a", amount: 12, labels: ["wip"] };
    const result = await call("gate", { payload, gate: { rules } });
    expect(result).toMatchObject({
      violations: fields.map((field) => ({ field })),
      decision: fields.length === 0 ? "pass" : "block",
      allowed: fields.length === 0,
    });
    expect(await call("validate", { payload, constraint: rules })).toMatchObject({
      valid: fields.length === 0,
    });
  });

  test("without rules blocks, and only warns where it is told to", async () => {
    expect(await call("gate", { payload: {}, gate: {} })).toMatchObject({ decision: "block" });
    expect(
      await call("gate", { payload: {}, gate: { action: "warn", required_keys: ["a"] } }),
    ).toMatchObject({ decision: "warn", allowed: true });
  });
});

test("risk rises with its signs and falls with what lowers it", async () => {
  const score = async (action: JsonObject) =>
    Number((await call("score_risk", { action })).risk_score);
  const bare = await score({ title: "Change the auth token in production" });
  expect(bare).toBeGreaterThan(
    await score({ title: "Change the auth token in production", rollback_plan: "restore" }),
  );
  expect(await score({ title: "Fix a typo" })).toBe(0);
  expect(
    await call("classify_risk", {
      action: { title: "Delete the production database; irreversible; breaking-change" },
    }),
  ).toMatchObject({ risk_level: "critical" });
  expect(
    await call("classify_risk", { action: { title: "x" }, categories: ["green", "red"] }),
  ).toMatchObject({ risk_level: "green" });
});

test("justify names the rules that carry the decision", async () => {
  const rules = [{ message: '"rollback_plan" is missing.' }, { message: "Colours must match." }];
  expect(
    await call("justify", { decision: "block", rules, context: { change: "no rollback_plan" } }),
  ).toMatchObject({ applicable_rules: [rules[0]] });
  expect(await call("justify", { decision: "approve", rules: [] })).toMatchObject({
    confidence: 0.5,
    applicable_rules: [],
  });
});
