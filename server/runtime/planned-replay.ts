import type { ReplayPolicy } from "../../core/capability.ts";
import type { JsonObject } from "../../core/json.ts";
import type { ReplayPlanRow } from "../../core/plan-rows.ts";
import type { StepCompatibility } from "../../core/step-compatibility.ts";
import type { BindingChoices } from "./plan-bindings.ts";
import type { ReplayRunRequest } from "./runtime.ts";

/** What would happen, and all that carrying it out needs. */
export type PlannedReplay = {
  rows: ReplayPlanRow[];
  checkpointId: string | null;
  skillId: string;
  skillVersion: string;
  environment: string;
  inputs: JsonObject;
  vars: JsonObject;
  bindings: Record<string, string>;
  bindingChoices: BindingChoices;
  overrides: Record<string, ReplayPolicy>;
  /** How the steps of the source and those of the version that would run differ. */
  compatibility: StepCompatibility;
  /** Changes with everything that the rows depend on. */
  planHash: string;
  /** What a replay or fork is made with; null for a resume. */
  request: PlannedRequest | null;
};

type PlannedRequest = Required<
  Pick<
    ReplayRunRequest,
    | "sourceRunId"
    | "through"
    | "checkpointId"
    | "inputs"
    | "version"
    | "environment"
    | "changes"
    | "overrides"
    | "bindings"
    | "read"
    | "trust"
  >
>;
