import { isActing, type EffectClass, type ReplayPolicy } from "./capability.ts";
import { isUndo } from "./compensation.ts";
import { DomainError } from "./errors.ts";
import type { Role } from "./permissions.ts";
import type { Overrides } from "./recorded-results.ts";
import type { StepRef } from "./run-events.ts";
import type { StepKind } from "./run-plan.ts";

/** One thing that may be chosen for a step in place of what its policy says, and the roles that may choose it. */
export type OverrideOption = { policy: ReplayPolicy; roles: Role[] };

/** A capability that a step may call, as far as choosing for it depends on it. */
export type OverrideTarget = {
  effectClass: EffectClass;
  declared: ReplayPolicy;
  isIrreversible: boolean;
};

const ANY: Role[] = ["operator", "admin"];
const ADMIN: Role[] = ["admin"];

/**
 * What may be chosen for a step. Nobody is let past a capability that has people decide, nor past what people had said;
 * what acts again on the outside world takes more than what only reads. A step with several targets has the strictest
 * answer of all.
 */
export function overrideOptions(
  kind: StepKind,
  targets: readonly OverrideTarget[],
  hasResult: boolean,
): OverrideOption[] {
  const again = kind === "capability" ? repeatRoles(targets) : ANY;
  const options: OverrideOption[] = [
    { policy: "use_recorded_result", roles: hasResult && kind !== "approval" ? ANY : [] },
    { policy: "reexecute", roles: again },
    { policy: "require_human", roles: kind === "capability" ? ANY : [] },
  ];
  return options.filter(({ roles }) => roles.length > 0);
}

/**
 * What of that may be chosen for a step of a run that is resumed. What has ended stays; what the run has itself recorded
 * stands, so that repeating or taking is a choice only about what it would take over from other runs.
 */
export function resumeOptions(
  options: readonly OverrideOption[],
  step: { hasEnded: boolean; isTakenFromOthers: boolean },
): OverrideOption[] {
  if (step.hasEnded) return [];
  return options.filter(({ policy }) => policy === "require_human" || step.isTakenFromOthers);
}

function repeatRoles(targets: readonly OverrideTarget[]): Role[] {
  if (targets.some(({ declared }) => declared === "require_human")) return [];
  const isGrave = targets.some(
    ({ effectClass, isIrreversible }) =>
      effectClass === "external_action" || (isActing(effectClass) && isIrreversible),
  );
  return isGrave ? ADMIN : ANY;
}

/** What was chosen for a step of a run, or null. It is about the step's own call, not about what undoes it. */
export function chosenPolicy(
  { overrides = {} }: { overrides?: Overrides },
  ref: StepRef,
): ReplayPolicy | null {
  const { step_id: stepId } = ref;
  if (isUndo(ref)) return null;
  return Object.hasOwn(overrides, stepId) ? (overrides[stepId] ?? null) : null;
}

/**
 * Throws the refusal of a choice: `invalid_request` for a step that is not there, `safety_denied` for what nobody may
 * choose, `forbidden` for what somebody else may.
 */
export function assertMayOverride(
  overrides: Overrides,
  optionsOf: (stepId: string) => readonly OverrideOption[] | null,
  roles: readonly Role[],
): void {
  for (const [stepId, policy] of Object.entries(overrides)) {
    const options = optionsOf(stepId);
    const details = { field: "overrides", step_id: stepId, policy };
    if (options === null) {
      throw new DomainError("invalid_request", `The skill has no step ${stepId}.`, {
        hint: "Name steps of the version that would run.",
        details,
      });
    }
    const option = options.find((each) => each.policy === policy);
    if (option === undefined) {
      throw new DomainError("safety_denied", `Step ${stepId} cannot be set to ${policy}.`, {
        hint:
          options.length === 0
            ? "Nothing can be chosen for it."
            : `It may become ${options.map((each) => each.policy).join(" or ")}.`,
        details,
      });
    }
    if (option.roles.some((role) => roles.includes(role))) continue;
    throw new DomainError("forbidden", `You may not set step ${stepId} to ${policy}.`, {
      hint: `Ask somebody in the role ${option.roles.join(" or ")}.`,
      details: { ...details, roles: [...option.roles] },
    });
  }
}
