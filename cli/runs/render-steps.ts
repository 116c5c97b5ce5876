import { formatDuration } from "../../core/duration.ts";
import type { StepView } from "../../core/run-view.ts";
import { occurrenceKey } from "../../core/step.ts";
import { type Column, renderTable } from "../terminal/render-table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { toneOfStatus } from "../terminal/tone.ts";

const COLUMNS: readonly Column[] = [
  { title: "STEP", shrinksTo: 16 },
  { title: "STATUS" },
  { title: "TOOK", align: "right" },
  { title: "TRIES", align: "right", leaves: 1 },
  { title: "USES", shrinksTo: 16, leaves: 2 },
  { title: "NOTE", shrinksTo: 20 },
];

/** A table of a run's steps; an occurrence of a loop stands under its step. */
export function renderSteps(
  steps: readonly StepView[],
  { out, now }: Pick<Terminal, "out" | "now">,
): string[] {
  const at = now();
  const rows = steps.map((step) => [
    occurrenceKey(step.step_id, step.occurrence ?? undefined),
    { text: step.status, tone: toneOfStatus(step.status) },
    step.started_at === null
      ? "–"
      : formatDuration(
          (step.ended_at === null ? at : Date.parse(step.ended_at)) - Date.parse(step.started_at),
        ),
    String(step.attempts.length),
    step.uses ?? "–",
    step.error === null ? (step.reason ?? "") : `${step.error.code}: ${step.error.message}`,
  ]);
  return renderTable(COLUMNS, rows, { width: out.width(), paint: out.paint });
}
