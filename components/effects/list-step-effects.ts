import type { EffectView } from "../../core/effect-view.ts";
import { type EventEnvelope, stepKeyOfPayload } from "../../core/run-events.ts";

/**
 * The effects of a run that belong to one step or occurrence, all of them where `stepKey` is null, and the events that
 * tell of results taken from earlier effects. `told` are the run's events about effects: they name the step as it is
 * called inside the run, which the records do not.
 */
export function listStepEffects(
  effects: readonly EffectView[],
  told: readonly EventEnvelope[],
  stepKey: string | null,
): { effects: readonly EffectView[]; reused: readonly EventEnvelope[] } {
  const reused = told.filter(({ event_type: type }) => type === "side_effect.reused");
  if (stepKey === null) return { effects, reused };
  const isOfStep = ({ payload }: EventEnvelope) => {
    const key = stepKeyOfPayload(payload);
    return key === stepKey || key?.startsWith(`${stepKey}#`) === true;
  };
  const ids = new Set(told.filter(isOfStep).map(({ payload }) => payload["effect_id"]));
  return {
    effects: effects.filter((effect) => ids.has(effect.effect_id)),
    reused: reused.filter(isOfStep),
  };
}
