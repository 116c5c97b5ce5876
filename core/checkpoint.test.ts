import { expect, test } from "vitest";
import { checkpointAfter } from "./checkpoint.ts";
import { createFrontier } from "./frontier.ts";
import { compileSkill } from "./run-plan.ts";
import { SkillSchema } from "./skill.ts";

const waiting = (id: string) => ({
  id,
  uses: "wait.signal",
  input: { name: "go" },
  config: { depends_on: [] },
});
const planOf = (...ids: string[]) =>
  compileSkill(
    SkillSchema.parse({
      id: "a.b",
      version: "1.0.0",
      name: "a",
      description: "a",
      steps: ids.map(waiting),
    }),
    "sha256:test",
  );

test("a step that begins to wait is a boundary where the run goes on beside it", () => {
  const started = (ids: string[], wait?: { kind: "signal" }) =>
    checkpointAfter(
      {
        type: "step.started",
        payload: { step_id: "a", attempt: 1, ...(wait === undefined ? {} : { wait }) },
      },
      createFrontier(
        planOf(...ids),
        new Map([["a", { status: "waiting_for_signal", attempt: 1 }]]),
      ),
    );
  expect([
    started(["a", "b"], { kind: "signal" }),
    started(["a"], { kind: "signal" }),
    started(["a", "b"]),
  ]).toEqual(["waiting_for_signal", null, null]);
});
