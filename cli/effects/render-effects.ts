import type { EffectView } from "../../core/effect-view.ts";
import { ageOf } from "../runs/run-times.ts";
import { type Column, renderTable } from "../terminal/render-table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { toneOfStatus } from "../terminal/tone.ts";
import { placeOfStep } from "./render-effect.ts";

const COLUMNS: readonly Column[] = [
  { title: "EFFECT" },
  { title: "STATUS" },
  { title: "CAPABILITY", shrinksTo: 12 },
  { title: "STEP", leaves: 1, shrinksTo: 8 },
  { title: "RECEIPT", leaves: 2, shrinksTo: 8 },
  { title: "AGE", align: "right" },
];

/** A table of effects. Ids are never cut: they are there to be copied. */
export function renderEffects(
  effects: readonly EffectView[],
  { out, now }: Pick<Terminal, "out" | "now">,
): string[] {
  const at = now();
  const rows = effects.map((effect) => [
    effect.effect_id,
    { text: effect.status, tone: toneOfStatus(effect.status) },
    effect.capability_id,
    placeOfStep(effect),
    effect.provider_receipt ?? "–",
    ageOf(effect.created_at, at),
  ]);
  return renderTable(COLUMNS, rows, { width: out.width(), paint: out.paint });
}
