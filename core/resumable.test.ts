import { expect, test } from "vitest";
import { isResumable, resumeRefusal } from "./resumable.ts";
import { compileSkill } from "./run-plan.ts";
import { RUN_STATUSES, type RunStatus } from "./run.ts";
import { emptyRunState, type RunState } from "./run-state.ts";
import { SkillSchema } from "./skill.ts";

const plan = compileSkill(
  SkillSchema.parse({
    id: "a.b",
    version: "1.0.0",
    name: "A",
    description: "A",
    steps: [{ id: "s", uses: "a.b.c" }],
  }),
  "hash",
);

function stateIn(status: RunStatus): RunState {
  const state = emptyRunState(plan, { tenantId: "t", runId: "run_1", traceId: "x" });
  state.status = status;
  return state;
}

test("each status that is not resumed is refused with what there is to do instead, never with resuming it", () => {
  const refused = RUN_STATUSES.filter((status) => !isResumable(stateIn(status)));
  const hints = refused.map((status) => [status, resumeRefusal(stateIn(status)).hint ?? ""]);
  expect(Object.fromEntries(hints)).toEqual({
    pending: "It begins by itself, at its start time where it has one.",
    running: "It is at work; nothing holds it.",
    waiting_for_human: "It goes on by itself once people have decided what it asks.",
    waiting_for_signal: "It goes on by itself once what it waits for is there, such as the signal.",
    replaying: "It is at work; nothing holds it.",
    compensating: "What it did outside is being undone.",
    completed: "It has ended; replay it or start a new run with the same inputs.",
  });
});
