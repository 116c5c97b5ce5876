import { formatDuration } from "../../core/duration.ts";
import { foldPlanRows, planRowName } from "../../core/fold-plan-rows.ts";
import { planTotalWords } from "../../core/plan-totals.ts";
import type { ReplayPlanRow } from "../../core/plan-rows.ts";
import type { ReplayPlanView } from "../../core/run-view.ts";
import { type Cell, type Column, renderTable } from "../terminal/render-table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Tone } from "../terminal/tone.ts";

const COLUMNS: readonly Column[] = [
  { title: "STEP", shrinksTo: 16 },
  { title: "DECISION" },
  { title: "EFFECT", shrinksTo: 14, leaves: 2 },
  { title: "TOOK", align: "right", leaves: 1 },
  { title: "WHY", shrinksTo: 24 },
];

const WORDS: Record<ReplayPlanRow["decision"], { text: string; tone: Tone | null }> = {
  reuse: { text: "reuse", tone: "quiet" },
  run: { text: "run again", tone: "busy" },
  wait: { text: "wait", tone: "warn" },
  skip: { text: "skip", tone: "quiet" },
  ask: { text: "ask", tone: "warn" },
  blocked: { text: "blocked", tone: "bad" },
};

/** A plan, a row per step; a decision that depends on a result to come has a question mark. */
export function renderPlan(
  { rows, totals, compatibility }: ReplayPlanView,
  { width, paint }: Pick<Terminal["out"], "width" | "paint">,
): string[] {
  const cells = foldPlanRows(rows).map((row): Cell[] => {
    const { text, tone } = WORDS[row.decision];
    const chosen = row.override === null ? "" : ` (chosen: ${row.override})`;
    return [
      planRowName(row),
      { text: row.is_certain ? text : `${text}?`, tone },
      row.effect_id ?? "",
      row.estimated_ms === null ? "" : formatDuration(row.estimated_ms),
      `${row.reason}${chosen}`,
    ];
  });
  const notes = [
    ...compatibility.removed.map(
      (step) => `Step ${step} of the source: this version has not got it.`,
    ),
    ...compatibility.added.map((step) => `Step ${step} is new in this version.`),
    ...compatibility.renamed.map(
      ({ from, to, is_proposed: isProposed }) =>
        `Step ${from} is ${to} in this version${isProposed ? ` (proposed; --map ${from}= says otherwise)` : ""}.`,
    ),
    ...compatibility.retyped.map(
      ({ step_id: step, reason }) => `The results of step ${step} are not taken: ${reason}.`,
    ),
  ];
  return [
    ...renderTable(COLUMNS, cells, { width: width(), paint }),
    ...notes.map((note) => paint("warn", note)),
    paint("strong", summarizePlan(totals)),
  ];
}

/** Such as `14 reused, 3 run again, 1 asks, about 38 s`. */
function summarizePlan(totals: ReplayPlanView["totals"]): string {
  const parts = planTotalWords(totals);
  const time = totals.estimated_ms > 0 ? [`about ${formatDuration(totals.estimated_ms)}`] : [];
  return `${[...parts, ...time].join(", ") || "Nothing to do"}.`;
}
