import { sayDifferences } from "../../core/diff-words.ts";
import type { JsonChange } from "../../core/json-changes.ts";
import type { Json } from "../../core/json.ts";
import type { StepDiff, StepSide } from "../../core/run-diff-view.ts";
import { occurrenceKey } from "../../core/step.ts";
import { renderFacts } from "../terminal/render-facts.ts";
import { type Column, renderTable } from "../terminal/render-table.ts";
import type { Output } from "../terminal/terminal.ts";
import type { Tone } from "../terminal/tone.ts";

const COLUMNS: readonly Column[] = [
  { title: "" },
  { title: "PATH", shrinksTo: 20 },
  { title: "A", shrinksTo: 12 },
  { title: "B", shrinksTo: 12 },
];

const LOOK: Readonly<Record<JsonChange["kind"], { mark: string; tone: Tone }>> = {
  added: { mark: "+", tone: "good" },
  changed: { mark: "~", tone: "warn" },
  removed: { mark: "-", tone: "bad" },
};

/** One step of two runs: what it did in each, and where its payloads differ. */
export function renderStepDiff(diff: StepDiff, out: Pick<Output, "paint" | "width">): string[] {
  const { changes, change_count: count } = diff;
  return [
    `${out.paint("strong", occurrenceKey(diff.step_id, diff.occurrence ?? undefined))}  ${sayDifferences(diff.differences)}`,
    ...renderFacts(
      [
        ["A", describeSide(diff.a)],
        ["B", describeSide(diff.b)],
      ],
      out.paint,
    ),
    "",
    ...(count === 0
      ? ["Input, output and error are equal."]
      : renderTable(COLUMNS, changes.map(toRow), { width: out.width(), paint: out.paint })),
    ...(count > changes.length
      ? [`… and ${(count - changes.length).toLocaleString("en")} more changes`]
      : []),
  ];
}

function toRow({ path, kind, before, after }: JsonChange) {
  const { mark, tone } = LOOK[kind];
  return [{ text: mark, tone }, path, valueText(before), valueText(after)];
}

function valueText(value: Json | undefined): string {
  return value === undefined ? "–" : JSON.stringify(value);
}

function describeSide(side: StepSide | null): string {
  if (side === null) return "did not come to this step";
  const { status, attempts, uses, binding } = side;
  return [
    status,
    `${attempts} ${attempts === 1 ? "attempt" : "attempts"}`,
    ...(uses === null ? [] : [uses]),
    ...(binding === null ? [] : [`by ${binding.binding_id}`]),
  ].join(", ");
}
