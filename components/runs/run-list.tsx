"use client";

import type { RunSummary } from "../../core/run-view.ts";
import { useMediaQuery } from "../ui/use-media-query.ts";
import { VirtualTable } from "../ui/virtual-table.tsx";
import { RUN_COLUMNS, RunRow } from "./run-row.tsx";

type RunListProps = {
  runs: readonly RunSummary[];
  /** The run that the keyboard stands on. */
  currentId: string | null;
  /** Asks for the next page; null where there is none. */
  onNearEnd: (() => void) | null;
};

const HEADS = [
  { name: "Status" },
  { name: "Skill" },
  { name: "Run" },
  { name: "Environment" },
  { name: "Started" },
  { name: "Duration", className: "text-right" },
];
const idOf = (run: RunSummary) => run.run_id;

/** The runs, newest first. */
export function RunList({ runs, currentId, onNearEnd }: RunListProps) {
  const isNarrow = useMediaQuery("(max-width: 767px)") ?? false;
  return (
    <VirtualTable
      label="Runs"
      columns={RUN_COLUMNS}
      heads={HEADS}
      headClassName="max-md:hidden"
      rows={runs}
      keyOf={idOf}
      rowHeight={isNarrow ? 60 : 40}
      currentKey={currentId}
      focus='[aria-current="true"] a'
      onNearEnd={onNearEnd}
      renderRow={(run, index, style) => (
        <RunRow run={run} index={index} isCurrent={run.run_id === currentId} style={style} />
      )}
    />
  );
}
