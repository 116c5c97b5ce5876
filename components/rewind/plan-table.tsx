"use client";

import {
  Ban,
  CircleHelp,
  CirclePlay,
  Hourglass,
  Recycle,
  SkipForward,
  type LucideIcon,
} from "lucide-react";
import { useMemo } from "react";
import { foldPlanRows, planRowName, type FoldedPlanRow } from "../../core/fold-plan-rows.ts";
import type { ReplayPlanRow } from "../../core/plan-rows.ts";
import type { ReplayPolicy } from "../../core/capability.ts";
import { occurrenceKey } from "../../core/step.ts";
import { classNames } from "../ui/class-names.ts";
import { formatDuration } from "../ui/format-duration.ts";
import { useMediaQuery } from "../ui/use-media-query.ts";
import { VirtualTable } from "../ui/virtual-table.tsx";
import { PlanOverride } from "./plan-override.tsx";
import { DECISION_WORDS } from "./plan-words.ts";

const ICONS: Record<ReplayPlanRow["decision"], LucideIcon> = {
  reuse: Recycle,
  run: CirclePlay,
  wait: Hourglass,
  skip: SkipForward,
  ask: CircleHelp,
  blocked: Ban,
};

const TONES: Record<ReplayPlanRow["decision"], string> = {
  reuse: "text-ink-soft",
  run: "text-accent",
  wait: "text-warn",
  skip: "text-ink-muted",
  ask: "text-warn",
  blocked: "text-bad",
};

const COLUMNS =
  "grid grid-cols-[minmax(7rem,1fr)_7.5rem_minmax(0,2.4fr)_4rem_10rem] items-center gap-x-4 max-md:grid-cols-[minmax(0,1fr)_8.5rem]";

type PlanTableProps = {
  rows: readonly ReplayPlanRow[];
  roles: readonly string[] | null;
  onChoose: (stepId: string, policy: ReplayPolicy | undefined) => void;
};

const HEADS = [
  { name: "Step" },
  { name: "Decision" },
  { name: "Why", className: "max-md:hidden" },
  { name: "Took", className: "text-right max-md:hidden" },
  { name: "Choice", className: "max-md:hidden" },
];

const keyOf = ({ step_id: stepId, occurrence }: FoldedPlanRow) =>
  occurrenceKey(stepId, occurrence ?? undefined);

/** A plan's rows; occurrences with the same plan are one. */
export function PlanTable({ rows: all, roles, onChoose }: PlanTableProps) {
  const isNarrow = useMediaQuery("(max-width: 767px)") === true;
  const rows = useMemo(() => foldPlanRows(all), [all]);
  const hasChoice = rows.some((row) => row.may_become.length > 0);
  return (
    <VirtualTable
      label="Plan"
      bodyLabel="Steps of the plan"
      columns={COLUMNS}
      heads={HEADS}
      headClassName="border-l-2 border-l-transparent"
      rows={rows}
      keyOf={keyOf}
      rowHeight={isNarrow ? (hasChoice ? 136 : 100) : 44}
      renderRow={(row, index, style) => (
        <div
          role="row"
          aria-rowindex={index + 2}
          style={style}
          className={classNames(
            "absolute inset-x-0 border-b border-l-2 px-4 max-md:content-center max-md:gap-y-1.5 lg:px-6",
            row.override === null ? "border-l-transparent" : "border-l-accent bg-idle-soft",
            COLUMNS,
          )}
        >
          <PlanCells row={row} />
          <span role="cell" className="min-w-0 max-md:col-span-2">
            {row.may_become.length === 0 || !isFirstOfStep(rows, index) ? null : (
              <PlanOverride
                row={row}
                roles={roles}
                onChoose={(policy) => onChoose(row.step_id, policy)}
              />
            )}
          </span>
        </div>
      )}
    />
  );
}

/** Something is chosen for a step as a whole. */
function isFirstOfStep(rows: readonly FoldedPlanRow[], index: number): boolean {
  return rows[index - 1]?.step_id !== rows[index]?.step_id;
}

function PlanCells({ row }: { row: FoldedPlanRow }) {
  const Icon = ICONS[row.decision];
  const name = planRowName(row);
  const why = row.effect_id === null ? row.reason : `${row.reason} (${row.effect_id})`;
  return (
    <>
      <span role="cell" className="mono truncate font-medium" title={name}>
        {name}
      </span>
      <span
        role="cell"
        className={classNames("flex items-center gap-1.5 font-medium", TONES[row.decision])}
        title={row.is_certain ? undefined : "Depends on a result that is not known yet"}
      >
        <Icon aria-hidden className="size-4 shrink-0" />
        {DECISION_WORDS[row.decision]}
        {row.is_certain ? null : (
          <>
            <span aria-hidden>?</span>
            <span className="sr-only">, not certain</span>
          </>
        )}
      </span>
      <span
        role="cell"
        className="line-clamp-2 text-ink-soft first-letter:uppercase max-md:col-span-2 max-md:line-clamp-3 max-md:wrap-anywhere"
        title={why}
      >
        {row.reason}
        {row.effect_id === null ? null : (
          <span className="mono text-ink-muted"> {row.effect_id}</span>
        )}
      </span>
      <span role="cell" className="text-right text-ink-muted tabular-nums max-md:hidden">
        {row.estimated_ms === null ? "" : formatDuration(row.estimated_ms)}
      </span>
    </>
  );
}
