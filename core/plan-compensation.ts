import type { ActedEffect, Deed } from "./acted-effects.ts";
import type { Compensation } from "./compensation-mapping.ts";
import type { CompensationPlan, LeftEffect, UndoItem } from "./compensation.ts";
import { toErrorRecord } from "./errors.ts";
import type { StepRef } from "./run-events.ts";
import type { CompensationRule } from "./skill.ts";

/** What a run and the runs nested in it did outside. */
export type ActedRun = {
  deeds: readonly Deed[];
  /** Effects that were undone already, by this run or one that it is nested in. */
  undone: ReadonlySet<string>;
  nested: ReadonlyMap<string, ActedRun>;
};

/** How a capability's effects are undone, or why they are not. */
export type FindCompensation = (capabilityId: string) => Compensation | { reason: string };

/**
 * What is undone of a run and in which order: the last effect first, those of nested runs where their step stands. What
 * cannot be undone is named with the reason. Going forward is no way to undo, so that such a skill goes backward.
 */
export function planCompensation(
  run: ActedRun,
  strategy: CompensationRule["strategy"],
  find: FindCompensation,
): CompensationPlan {
  const undone = new Set<string>();
  const effects = flatten(run, null, undone).filter(({ effectId }) => !undone.has(effectId));
  const undo: UndoItem[] = [];
  const left: LeftEffect[] = [];
  for (const effect of effects.toReversed()) {
    const item = toItem(effect, find);
    if ("reason" in item) left.push(item);
    else undo.push(item);
  }
  return { strategy: strategy === "parallel" ? "parallel" : "backward", undo, left };
}

/** `ref` is the step of the outermost run that the deeds belong to; null for its own. */
function flatten(run: ActedRun, ref: StepRef | null, undone: Set<string>): ActedEffect[] {
  for (const effectId of run.undone) undone.add(effectId);
  return run.deeds.flatMap((deed) => {
    if (deed.kind === "effect") return [ref === null ? deed.effect : { ...deed.effect, ref }];
    const nested = run.nested.get(deed.runId);
    return nested === undefined ? [] : flatten(nested, ref ?? deed.ref, undone);
  });
}

function toItem(effect: ActedEffect, find: FindCompensation): UndoItem | LeftEffect {
  const { effectId, ref, capabilityId, input, output, isCertain } = effect;
  const about = { ...ref, effect_id: effectId, capability_id: capabilityId };
  const compensation = find(capabilityId);
  if ("reason" in compensation) return { ...about, reason: compensation.reason };
  try {
    const { uses } = compensation;
    const asked = compensation.inputOf({ input, output });
    return { ...about, uses, input: asked, is_certain: isCertain };
  } catch (error) {
    const { message } = toErrorRecord(error);
    return {
      ...about,
      reason: `what ${compensation.uses} is to be asked is not known: ${message}`,
    };
  }
}
