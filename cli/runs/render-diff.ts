import { sayConsequences, sayDifferences, sayRunDifferences } from "../../core/diff-words.ts";
import { formatDuration } from "../../core/duration.ts";
import type { DiffEntry, RunDiff, RunSide, StepPlace, StepSide } from "../../core/run-diff-view.ts";
import { occurrenceKey } from "../../core/step.ts";
import { type Cell, type Column, renderTable } from "../terminal/render-table.ts";
import type { Output } from "../terminal/terminal.ts";
import { toneOfStatus } from "../terminal/tone.ts";

const RUN_COLUMNS: readonly Column[] = [
  { title: "" },
  { title: "RUN" },
  { title: "STATUS" },
  { title: "TOOK", align: "right", leaves: 1 },
  { title: "EFFECTS", align: "right", leaves: 2 },
  { title: "SKILL", shrinksTo: 16 },
];

const STEP_COLUMNS: readonly Column[] = [
  { title: "STEP", shrinksTo: 16 },
  { title: "A" },
  { title: "B" },
  { title: "DIFFERS", shrinksTo: 12 },
  { title: "NOTE", shrinksTo: 12 },
];

/** Two runs: what they are, the steps that differ with the equal ones folded, and what it comes to. */
export function renderDiff(diff: RunDiff, out: Pick<Output, "paint" | "width">): string[] {
  const style = { width: out.width(), paint: out.paint };
  const { totals } = diff;
  return [
    ...renderTable(
      RUN_COLUMNS,
      [runRow("A", diff.a, totals.effects.a), runRow("B", diff.b, totals.effects.b)],
      style,
    ),
    "",
    sayRunDifferences(diff),
    "",
    ...renderTable(
      STEP_COLUMNS,
      diff.entries.map((entry) => stepRow(entry, diff.first_divergence)),
      style,
    ),
    "",
    `${count(totals.equal)} equal, ${count(totals.differing)} different, ${count(totals.only_a)} only in A, ${count(totals.only_b)} only in B.`,
    ...conclusion(diff, out),
  ];
}

function runRow(name: string, run: RunSide, effects: number): Cell[] {
  return [
    { text: name, tone: "strong" },
    run.run_id,
    { text: run.status, tone: toneOfStatus(run.status) },
    run.duration_ms === null ? "–" : formatDuration(run.duration_ms),
    count(effects),
    `${run.skill_id} ${run.skill_version}`,
  ];
}

function stepRow(entry: DiffEntry, first: StepPlace | null): Cell[] {
  if (entry.kind === "equal") {
    const text = `… ${count(entry.count)} equal ${entry.count === 1 ? "step" : "steps"}`;
    return [{ text, tone: "quiet" }];
  }
  const { row } = entry;
  const isFirst = row.step_id === first?.step_id && row.occurrence === first.occurrence;
  return [
    { text: keyOf(row), tone: isFirst ? "strong" : null },
    statusCell(row.a),
    statusCell(row.b),
    { text: sayDifferences(row.differences), tone: "warn" },
    isFirst
      ? { text: "← first divergence", tone: "strong" }
      : { text: row.is_consequence ? "follows from it" : "", tone: "quiet" },
  ];
}

function statusCell(side: StepSide | null): Cell {
  return side === null
    ? { text: "–", tone: "quiet" }
    : { text: side.status, tone: toneOfStatus(side.status) };
}

function conclusion(diff: RunDiff, { paint }: Pick<Output, "paint">): string[] {
  if (diff.first_divergence === null) return [];
  const key = keyOf(diff.first_divergence);
  return [
    `The runs part at ${key}; ${sayConsequences(diff.consequences, "it")}.`,
    paint("quiet", `What differs there: orca diff ${diff.a.run_id} ${diff.b.run_id} --step ${key}`),
  ];
}

function keyOf({ step_id: stepId, occurrence }: StepPlace): string {
  return occurrenceKey(stepId, occurrence ?? undefined);
}

function count(number: number): string {
  return number.toLocaleString("en");
}
