import { expect, test } from "vitest";
import type { EffectView } from "../../core/effect-view.ts";
import type { EventEnvelope, EventType } from "../../core/run-events.ts";
import type { JsonObject } from "../../core/json.ts";
import { listStepEffects } from "./list-step-effects.ts";

const event = (event_type: EventType, payload: JsonObject): EventEnvelope => ({
  event_id: `evt_${JSON.stringify(payload)}`,
  event_version: "1.0",
  event_type,
  occurred_at: new Date(0).toISOString(),
  tenant_id: "tnt_1",
  run_id: "run_1",
  trace_id: "",
  sequence: 1,
  payload,
});
const effect = (effect_id: string): EffectView => ({
  effect_id,
  tenant_id: "tnt_1",
  run_id: "run_1",
  step_path: "outer/send",
  occurrence: "",
  capability_id: "mail.send",
  binding_id: "smtp",
  binding_revision: 1,
  effect_class: "external_action",
  idempotency_key: "",
  request_hash: "",
  response_hash: null,
  status: "recorded",
  replay_policy: "use_recorded_result",
  provider_receipt: null,
  approval_id: null,
  compensates_effect_id: null,
  attempts: 1,
  created_at: new Date(0).toISOString(),
  updated_at: new Date(0).toISOString(),
});

const EFFECTS = [effect("eff_1_1"), effect("eff_1_2"), effect("eff_1_3")];
const TOLD = [
  event("side_effect.attempted", { step_id: "send", effect_id: "eff_1_1" }),
  event("side_effect.attempted", { step_id: "each", occurrence: "0", effect_id: "eff_1_2" }),
  event("side_effect.attempted", { step_id: "each", occurrence: "1", effect_id: "eff_1_3" }),
  event("side_effect.reused", {
    step_id: "send",
    effect_id: "eff_1_9",
    source_effect_id: "eff_0_1",
  }),
];
const idsOf = (stepKey: string | null) => {
  const { effects, reused } = listStepEffects(EFFECTS, TOLD, stepKey);
  return [effects.map(({ effect_id: id }) => id), reused.length];
};

test("a step has its own effects and reuses, a loop those of its occurrences, the run all", () => {
  expect(idsOf("send")).toEqual([["eff_1_1"], 1]);
  expect(idsOf("each")).toEqual([["eff_1_2", "eff_1_3"], 0]);
  expect(idsOf("each#1")).toEqual([["eff_1_3"], 0]);
  expect(idsOf("other")).toEqual([[], 0]);
  expect(idsOf(null)).toEqual([["eff_1_1", "eff_1_2", "eff_1_3"], 1]);
});
