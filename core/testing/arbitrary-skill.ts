import * as fc from "fast-check";
import { SkillSchema, type Skill } from "../skill.ts";

/** Valid skills of up to eight steps that use every kind of control flow over capabilities named `fake.<word>.do`. */
export function arbitrarySkill(): fc.Arbitrary<Skill> {
  return fc
    .record({
      steps: fc.array(arbitraryStep(), { minLength: 1, maxLength: 8 }),
      schedule: fc.constantFrom("order", "data"),
      failFast: fc.boolean(),
    })
    .map(({ steps, schedule, failFast }) =>
      SkillSchema.parse({
        id: "fake.skill",
        version: "1.0.0",
        name: "Fake",
        description: "Made by a property test.",
        inputs: { list: { type: "array" }, flag: { type: "boolean" } },
        config: { schedule, fail_fast: failFast },
        steps: steps.map((step, index) => finish(step, index)),
      }),
    );
}

type StepChoice = {
  dependsOn: number[] | null;
  kind: "plain" | "foreach" | "while" | "scatter" | "router" | "timer" | "approval";
  onExpiry: "fail" | "continue" | "deny";
  condition: string | null;
  join: "all" | "any" | { n_of_m: number };
  retry: boolean;
  concurrency: number;
  merge: "collect" | "concat_lists" | "first_success";
  append: boolean;
};

function arbitraryStep(): fc.Arbitrary<StepChoice> {
  return fc.record({
    dependsOn: fc.option(fc.array(fc.nat(7), { maxLength: 3 }), { nil: null }),
    kind: fc.constantFrom(
      "plain",
      "plain",
      "foreach",
      "while",
      "scatter",
      "router",
      "timer",
      "approval",
    ),
    onExpiry: fc.constantFrom("fail", "continue", "deny"),
    condition: fc.constantFrom(null, null, "inputs.flag", "not inputs.flag", "vars.v0 == 1"),
    join: fc.constantFrom<StepChoice["join"]>("all", "all", "any", { n_of_m: 2 }),
    retry: fc.boolean(),
    concurrency: fc.integer({ min: 1, max: 3 }),
    merge: fc.constantFrom("collect", "concat_lists", "first_success"),
    append: fc.boolean(),
  });
}

function finish(choice: StepChoice, index: number): object {
  const { kind } = choice;
  // Only earlier steps, so that every choice is a valid order.
  const dependsOn =
    choice.dependsOn === null
      ? null
      : [...new Set(choice.dependsOn.filter((other) => other < index))].map((other) => `s${other}`);
  const config = {
    ...(dependsOn === null ? {} : { depends_on: dependsOn }),
    ...(choice.condition === null ? {} : { condition: choice.condition }),
    ...(dependsOn === null || dependsOn.length < 2 ? {} : { join: choice.join }),
    ...(choice.retry ? { retry: { max_attempts: 2, backoff_seconds: 1 } } : {}),
    ...(choice.append ? { merge_strategy: "append" } : {}),
    ...(kind === "foreach"
      ? { foreach: { items: "inputs.list", concurrency: choice.concurrency } }
      : {}),
    ...(kind === "while" ? { while: { condition: "iteration < 3", max_iterations: 5 } } : {}),
    ...(kind === "router"
      ? { router: { on: "inputs.flag", cases: { true: "fake.yes.do" }, default: "fake.no.do" } }
      : {}),
    ...(kind === "scatter"
      ? {
          scatter: {
            capabilities: [
              { as: "a", uses: "fake.a.do" },
              { as: "b", uses: "fake.b.do" },
            ],
            merge: choice.merge,
          },
        }
      : {}),
  };
  if (kind === "timer") {
    return { id: `s${index}`, uses: "wait.timer", input: { duration_seconds: 5 }, config };
  }
  if (kind === "approval") {
    const input = { timeout_seconds: 60, on_expiry: choice.onExpiry, payload: { n: index } };
    return { id: `s${index}`, uses: "wait.approval", input, config };
  }
  const produced = kind === "scatter" && choice.merge === "collect" ? "a" : "value";
  return {
    id: `s${index}`,
    uses: "fake.plain.do",
    input: { value: "inputs.flag" },
    output: { [produced]: choice.append ? "vars.shared" : `vars.v${index}` },
    config,
  };
}
