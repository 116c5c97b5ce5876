import type { JsonObject } from "../../core/json.ts";
import type { StepRef } from "../../core/run-events.ts";
import type { PlanStep } from "../../core/run-plan.ts";
import type { PreparedCall } from "./capability-caller.ts";

/** One attempt of one occurrence of a capability step. */
export type CallAttempt = {
  step: PlanStep;
  ref: StepRef;
  /** The occurrence's key. */
  key: string;
  uses: string;
  attempt: number;
  input: JsonObject;
  call: PreparedCall;
};
