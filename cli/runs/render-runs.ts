import { formatDuration } from "../../core/duration.ts";
import type { RunSummary } from "../../core/run-view.ts";
import { type Column, renderTable } from "../terminal/render-table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { toneOfStatus } from "../terminal/tone.ts";
import { ageOf, durationOfRun } from "./run-times.ts";

const COLUMNS: readonly Column[] = [
  { title: "RUN" },
  { title: "SKILL", shrinksTo: 12 },
  { title: "ENV", leaves: 2, shrinksTo: 7 },
  { title: "STATUS" },
  { title: "AGE", align: "right" },
  { title: "TOOK", align: "right", leaves: 1 },
];

/** A table of runs. Ids are never cut: they are there to be copied. */
export function renderRuns(
  runs: readonly RunSummary[],
  { out, now }: Pick<Terminal, "out" | "now">,
): string[] {
  const at = now();
  const rows = runs.map((run) => {
    const took = durationOfRun(run, at);
    return [
      run.run_id,
      run.skill_id,
      run.environment,
      { text: run.status, tone: toneOfStatus(run.status) },
      ageOf(run.created_at, at),
      took === null ? "–" : formatDuration(took),
    ];
  });
  return renderTable(COLUMNS, rows, { width: out.width(), paint: out.paint });
}
