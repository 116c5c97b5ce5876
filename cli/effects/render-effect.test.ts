import { expect, test } from "vitest";
import type { EffectDetail } from "../../core/effect-view.ts";
import { capturedTerminal } from "../testing/captured-terminal.ts";
import { renderEffect } from "./render-effect.ts";
import { renderEffects } from "./render-effects.ts";

const EFFECT: EffectDetail["effect"] = {
  effect_id: "eff_01_7",
  tenant_id: "tnt_1",
  run_id: "run_01",
  step_path: "outer/order",
  occurrence: "3",
  capability_id: "shop.order.place",
  binding_id: "shop_place",
  binding_revision: 2,
  effect_class: "write",
  idempotency_key: "k".repeat(64),
  request_hash: "sha256:jcs1:a",
  response_hash: null,
  status: "in_doubt",
  replay_policy: "use_recorded_result",
  provider_receipt: null,
  approval_id: null,
  compensates_effect_id: null,
  attempts: 1,
  created_at: "2029-12-31T23:58:00.000Z",
  updated_at: "2029-12-31T23:59:00.000Z",
};

test("the list names each effect, its state, target and place", () => {
  const [, line] = renderEffects([EFFECT], capturedTerminal());
  expect(line).toMatch(/^eff_01_7 +in_doubt +shop\.order\.place +outer\/order#3 +– +2m/);
});

test("one effect tells what happened on one line each, and what was asked", () => {
  const lines = renderEffect(
    {
      effect: EFFECT,
      step_id: "order",
      service_id: "shop",
      request: { order: 42 },
      result: null,
      redacted_values: 1,
      history: [
        {
          sequence: 9,
          event_type: "side_effect.in_doubt",
          occurred_at: "2029-12-31T23:59:00.000Z",
          error: { code: "upstream_timeout", message: "no\nanswer" },
          resolution: null,
        },
      ],
      run: {
        run_id: "run_01",
        skill_id: "shop.buy",
        skill_version: "1.0.0",
        environment: "dev",
        status: "failed",
        parent_run_id: null,
        source_run_id: null,
        lineage_root_run_id: "run_00",
      },
    },
    capturedTerminal(),
  );
  expect(lines.some((line) => /in_doubt {2}upstream_timeout: no answer$/.test(line))).toBe(true);
  expect(lines.join("\n")).toContain('"order": 42');
  expect(lines.join("\n")).toMatch(/lineage +run_00/);
  expect(lines.join("\n")).toContain("Secrets taken out: 1");
  expect(lines).not.toContain("Result");
});
