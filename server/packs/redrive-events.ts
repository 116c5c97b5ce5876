import { setImmediate } from "node:timers/promises";
import { redriveRun, type RedriveDifference } from "../../core/redrive.ts";
import type { RunEvent } from "../../core/run-events.ts";
import type { Plan } from "../../core/run-plan.ts";
import type { RunState } from "../../core/run-state.ts";

export type Redriven = {
  /** Events that were looked at: all of them, unless one could not be folded. */
  checked: number;
  differences: RedriveDifference[];
  state: RunState;
};

/** Between so many events others get their turn. */
const EVENTS_PER_TURN = 500;

/** Drives a recorded run again, offline, in turns with whatever else the process does. */
export async function redriveEvents(
  plan: Plan,
  run: { run_id: string; trace_id: string },
  events: readonly RunEvent[],
  tell: (checked: number) => void = () => undefined,
): Promise<Redriven> {
  const identity = { tenantId: "", runId: run.run_id, traceId: run.trace_id };
  const steps = redriveRun(plan, identity, events);
  const differences: RedriveDifference[] = [];
  let checked = 0;
  for (let next = steps.next(); ; next = steps.next()) {
    if (next.done === true) return { checked, differences, state: next.value };
    checked += 1;
    if (next.value.difference !== null) differences.push(next.value.difference);
    if (checked % EVENTS_PER_TURN !== 0) continue;
    tell(checked);
    await setImmediate();
  }
}
