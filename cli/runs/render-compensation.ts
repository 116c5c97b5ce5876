import type { CompensationView } from "../../core/run-view.ts";
import { occurrenceKey } from "../../core/step.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** What a run undoes and what it leaves, a line each. */
export function renderCompensation(
  { begun_at: begunAt, undo, left, strategy }: CompensationView,
  { out }: Pick<Terminal, "out">,
): string[] {
  const { paint } = out;
  const undone = undo.filter((effect) => effect.is_undone).length;
  const heading =
    begunAt === null ? `To undo: ${undo.length}` : `Undone: ${undone} of ${undo.length}`;
  if (undo.length + left.length === 0) return ["Nothing outside is to be undone."];
  const order = strategy === "parallel" ? "all at once" : "the last first";
  const placeOf = (effect: { step_id: string; occurrence?: string }) =>
    occurrenceKey(effect.step_id, effect.occurrence);
  return [
    ...(undo.length === 0 ? [] : [`${paint("strong", heading)}, ${order}`]),
    ...undo.map(
      (effect) =>
        `  ${effect.is_undone ? "✓" : "·"} ${placeOf(effect)}  ${effect.capability_id} → ${effect.uses}${effect.is_certain ? "" : "  (it may never have happened)"}`,
    ),
    ...(left.length === 0 ? [] : [paint("strong", `Left standing: ${left.length}`)]),
    ...left.map((effect) => `  ! ${placeOf(effect)}  ${effect.capability_id}: ${effect.reason}`),
  ];
}
