import { DomainError } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Role } from "../../core/permissions.ts";
import type { Overrides } from "../../core/recorded-results.ts";
import type { StepMapWish } from "../../core/step-compatibility.ts";
import { DEFAULT_TRUST, type TrustLevel } from "../../core/trust.ts";

/** From where a run is to be run again, and what is to differ. */
export type ReplayWish = {
  tenantId: string;
  runId: string;
  operation: "replay" | "fork" | "resume";
  /** At most one of the two; neither: before the step that failed, or from the beginning. */
  checkpointSequence: number | null;
  stepId: string | null;
  /** Inputs by name that take the place of the source's. */
  inputs: JsonObject;
  /** Variables that have other values from the chosen point on. */
  vars: JsonObject;
  /** Bindings by capability id. */
  bindings: Readonly<Record<string, string>>;
  version: string | null;
  environment: string | null;
  stepMap: StepMapWish;
  overrides: Overrides;
  /** Of whoever wishes it. */
  roles: readonly Role[];
  /** How far whoever wishes it may have a new run trusted; null: as the source, whose place it takes. */
  trust: TrustLevel | null;
};

/** The wish to resume a run with choices of which it is known that they may be made. */
export function resumeWish(
  run: { tenantId: string; runId: string },
  overrides: Overrides,
): ReplayWish {
  return {
    ...run,
    operation: "resume",
    checkpointSequence: null,
    stepId: null,
    inputs: {},
    vars: {},
    bindings: {},
    version: null,
    environment: null,
    stepMap: {},
    overrides,
    roles: ["admin"],
    trust: DEFAULT_TRUST,
  };
}

/** Throws `invalid_request` for a wish to resume a run otherwise than it is. */
export function assertNoEdits({
  inputs,
  vars,
  bindings,
  version,
  environment,
  stepMap,
}: ReplayWish): void {
  const isEdited = [inputs, vars, bindings, stepMap].some((edits) => Object.keys(edits).length > 0);
  if (!isEdited && version === null && environment === null) return;
  throw new DomainError("invalid_request", "A resumed run goes on with what it has.", {
    hint: "Fork it to change inputs, variables, bindings, version or environment.",
    details: { field: "edits" },
  });
}
