import type { CheckpointView } from "../../core/run-view.ts";
import { type Column, renderTable } from "../terminal/render-table.ts";
import type { Terminal } from "../terminal/terminal.ts";

const COLUMNS: readonly Column[] = [
  { title: "CHECKPOINT" },
  { title: "KIND" },
  { title: "STEP", shrinksTo: 16 },
  { title: "TIME", leaves: 1 },
  { title: "" },
];

/** A table of a run's checkpoints. Ids are never cut: they are there to be copied. */
export function renderCheckpoints(
  checkpoints: readonly CheckpointView[],
  { out }: Pick<Terminal, "out">,
): string[] {
  const rows = checkpoints.map((checkpoint) => [
    checkpoint.checkpoint_id,
    checkpoint.kind,
    checkpoint.step_path ?? "–",
    checkpoint.created_at,
    checkpoint.pinned ? { text: "pinned", tone: "strong" as const } : "",
  ]);
  return renderTable(COLUMNS, rows, { width: out.width(), paint: out.paint });
}
