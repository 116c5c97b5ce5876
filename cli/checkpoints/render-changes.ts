import type { CheckpointChangesView } from "../../core/run-view.ts";
import type { Json } from "../../core/json.ts";
import type { StateChange } from "../../core/state-changes.ts";
import { type Cell, type Column, renderTable } from "../terminal/render-table.ts";
import type { Terminal } from "../terminal/terminal.ts";

const COLUMNS: readonly Column[] = [
  { title: "" },
  { title: "PATH", shrinksTo: 24 },
  { title: "BYTES", align: "right" },
  { title: "VALUE", shrinksTo: 20 },
];

const MARKS = {
  added: { text: "+", tone: "good" },
  changed: { text: "~", tone: "warn" },
  removed: { text: "-", tone: "bad" },
} as const satisfies Record<StateChange["kind"], Cell>;

/** What a step changed, place by place; large values by their size alone. */
export function renderChanges(
  { items }: Pick<CheckpointChangesView, "items">,
  { out }: Pick<Terminal, "out">,
): string[] {
  if (items.length === 0) return [];
  const rows = items.map((change): Cell[] => [
    MARKS[change.kind],
    change.path,
    betweenOf(change.bytes_before, change.bytes_after),
    betweenOf(textOf(change.before), textOf(change.after)),
  ]);
  return renderTable(COLUMNS, rows, { width: out.width(), paint: out.paint });
}

/** How many places changed, and how the state grew or shrank. */
export function summarizeChanges(changes: CheckpointChangesView): string {
  const { added, changed, removed, bytes_before: before, bytes_after: after, items } = changes;
  const counts = `${added} added, ${changed} changed, ${removed} removed; the state went from ${before} to ${after} bytes.`;
  const total = added + changed + removed;
  return items.length < total
    ? `${counts} The first ${items.length} of ${total} are listed.`
    : counts;
}

function textOf(value: Json | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function betweenOf(before: string | number | null, after: string | number | null): string {
  return [before, after].filter((side) => side !== null).join(" → ");
}
