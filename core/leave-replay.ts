import { deadline } from "./decide.ts";
import type { NewEvent } from "./run-events.ts";
import type { Plan } from "./run-plan.ts";
import type { RunState } from "./run-state.ts";

/** The fact with which a replay or fork leaves its source's results: its first step that really happens. Null where it has. */
export function leaveReplay(plan: Plan, state: RunState, now: number): NewEvent | null {
  if (state.status === "replaying")
    return { type: "run.started", payload: deadline(plan, state, now) };
  const hasVars = state.replay?.changes?.vars !== undefined;
  if (!hasVars || state.replay?.hasLeft === true) return null;
  const { deadlineAt } = state;
  const until = deadlineAt === null ? {} : { deadline_at: new Date(deadlineAt).toISOString() };
  return { type: "run.started", payload: until };
}
