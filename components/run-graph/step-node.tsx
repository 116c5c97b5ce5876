"use client";

import { Handle, Position, useStore, type Node, type NodeProps } from "@xyflow/react";
import {
  Clock,
  Radio,
  Repeat,
  Split,
  SquareFunction,
  UserCheck,
  Workflow,
  type LucideIcon,
} from "lucide-react";
import { memo, useContext } from "react";
import type { SkillGraph } from "../../core/run-view.ts";
import type { StepGroup } from "../run-explorer/step-groups.ts";
import { STATUS_STYLE, TONE_STYLE } from "../runs/status-style.ts";
import { classNames } from "../ui/class-names.ts";
import { NODE_SIZE } from "./layout-run-graph.ts";
import { StateCounts } from "./state-counts.tsx";
import { StepGroupsContext } from "./step-groups-context.ts";
import { zoomLevelOf, type ZoomLevel } from "./zoom-level.ts";

export type StepNodeData = { step: SkillGraph["steps"][number] };
export type StepFlowNode = Node<StepNodeData, "step">;

const KIND_ICON: Record<SkillGraph["steps"][number]["kind"], LucideIcon> = {
  capability: SquareFunction,
  skill: Workflow,
  signal: Radio,
  timer: Clock,
  approval: UserCheck,
};

/** One step on the canvas. */
export function StepNode({ data, selected }: NodeProps<StepFlowNode>) {
  const groups = useContext(StepGroupsContext);
  const level = useStore((state) => zoomLevelOf(state.transform[2]));
  return (
    <>
      <Handle
        type="target"
        position={Position.Left}
        className="pointer-events-none! opacity-0!"
        isConnectable={false}
      />
      <StepCard
        step={data.step}
        group={groups?.get(data.step.step_id) ?? null}
        isSelected={selected}
        level={level}
      />
      <Handle
        type="source"
        position={Position.Right}
        className="pointer-events-none! opacity-0!"
        isConnectable={false}
      />
    </>
  );
}

type StepCardProps = {
  step: StepNodeData["step"];
  group: StepGroup | null;
  isSelected: boolean;
  level: ZoomLevel;
};

/** The face of a step: far away a block of its hue, nearer its name, near its words. */
export const StepCard = memo(function StepCard({ step, group, isSelected, level }: StepCardProps) {
  const status = group === null ? null : STATUS_STYLE[group.shown];
  const tone = TONE_STYLE[status?.tone ?? "idle"];
  const Icon = status?.icon ?? KIND_ICON[step.kind];
  const isWaiting =
    group?.view.status === "waiting_for_signal" || group?.view.status === "waiting_for_human";
  return (
    <div
      style={NODE_SIZE}
      className={classNames(
        "flex cursor-pointer flex-col justify-center rounded-lg border bg-surface px-3",
        status === null ? "border-line-strong" : tone.border,
        level === "far" && tone.soft,
        group?.view.status === "skipped" && "border-dashed border-control-line",
        (group?.shown === "pending" || group?.view.status === "ready") && "border-line-strong",
        isWaiting && "animate-pulse-twice",
        isSelected && "outline-2 outline-offset-2 outline-accent",
      )}
    >
      <div className="flex items-center gap-2">
        <Icon
          aria-hidden
          className={classNames("shrink-0", level === "far" ? "size-7" : "size-4", tone.text)}
        />
        <span
          className={classNames(
            "min-w-0 flex-1 truncate font-medium",
            level === "far" && "text-[22px]",
          )}
        >
          {step.step_id}
        </span>
        {status === null || level === "far" ? null : (
          <span className={classNames("text-sm", tone.text)}>{status.label}</span>
        )}
      </div>
      {level === "far" ? null : (
        <div className="flex items-center gap-2 text-sm text-ink-muted">
          <span className="mono min-w-0 flex-1 truncate text-[11px]">
            {group?.view.uses ?? step.uses}
          </span>
          <StepMarks step={step} group={group} />
        </div>
      )}
    </div>
  );
});

function StepMarks({ step, group }: { step: StepNodeData["step"]; group: StepGroup | null }) {
  const attempts = group?.view.attempts.length ?? 0;
  return (
    <>
      {attempts > 1 && step.loop === null ? <span>try {attempts}</span> : null}
      {step.router === null ? null : <Split aria-label="router" className="size-3.5" />}
      {step.loop === null ? null : (
        <span className="flex items-center gap-1">
          <Repeat aria-hidden className="size-3.5" />
          {group === null || group.counts.length === 0 ? (
            step.loop
          ) : (
            <StateCounts
              counts={group.counts}
              total={group.view.loop?.count ?? group.occurrences.length}
            />
          )}
        </span>
      )}
    </>
  );
}
