"use client";

import Link from "next/link";
import type { RunDetail } from "../../core/run-view.ts";
import { CommandLine } from "../ui/command-line.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Problem } from "../ui/problem.tsx";
import { PropertyList } from "../ui/property-list.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import type { StepGroup } from "./step-groups.ts";

/** The run itself: its error, what it is, where it comes from, and how to see it elsewhere. */
export function RunOverview({ run, groups }: { run: RunDetail; groups: readonly StepGroup[] }) {
  const done = groups.filter((group) => group.view.ended_at !== null).length;
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-auto p-4">
      {run.error === null ? null : <Problem error={run.error} />}
      {run.compensation_error === null ? null : <Problem error={run.compensation_error} />}
      <PropertyList
        entries={[
          ["Run", <CopyableId key="run" id={run.run_id} label="Copy run id" />],
          ["Skill", <SkillLink key="skill" id={run.skill_id} version={run.skill_version} />],
          ["Environment", run.environment],
          ["Steps", `${done} of ${groups.length} ended`],
          ["Created", <RelativeTime key="created" at={run.created_at} />],
          [
            "Started",
            run.started_at === null ? null : <RelativeTime key="started" at={run.started_at} />,
          ],
          [
            "Ended",
            run.finished_at === null ? null : <RelativeTime key="ended" at={run.finished_at} />,
          ],
          ["Undone", undoneOf(run)],
          [
            "Left standing",
            run.left_standing.length === 0 ? null : (
              <LeftStanding key="left" left={run.left_standing} />
            ),
          ],
          ["Goes on", run.wake_at === null ? null : <RelativeTime key="wake" at={run.wake_at} />],
          [
            "Started by",
            run.parent === null ? null : (
              <RunLink key="parent" id={run.parent.run_id} note={`at ${run.parent.step_path}`} />
            ),
          ],
          [
            "Replay of",
            run.source_run_id === null ? null : <RunLink key="source" id={run.source_run_id} />,
          ],
          [
            "Child runs",
            run.child_run_ids.length === 0 ? null : (
              <RunLinks key="children" ids={run.child_run_ids} />
            ),
          ],
          ["Trace", <CopyableId key="trace" id={run.trace_id} label="Copy trace id" />],
          ["Content hash", <CopyableId key="hash" id={run.skill_hash} label="Copy content hash" />],
          ...Object.entries(run.attributes).map(
            ([name, value]) =>
              [name, typeof value === "string" ? value : JSON.stringify(value)] as const,
          ),
        ]}
      />
      <CommandLine command={`orca runs events ${run.run_id} --follow`} />
    </div>
  );
}

function undoneOf({ compensation, compensation_error: error }: RunDetail): string | null {
  if (error !== null) return "nothing";
  return { none: null, completed: "all that can be", failed: "not in full" }[compensation];
}

function LeftStanding({ left }: { left: RunDetail["left_standing"] }) {
  return (
    <ul className="flex flex-col gap-1">
      {left.map(({ effect_id: id, capability_id: capability, step_id: step, reason }) => (
        <li key={id}>
          <Link
            className="mono text-accent hover:underline"
            href={`/effects?run=run_${id.split("_")[1] ?? ""}&effect=${id}`}
          >
            {capability}
          </Link>{" "}
          of {step}: <span className="text-ink-soft">{reason}</span>
        </li>
      ))}
    </ul>
  );
}

function CopyableId({ id, label }: { id: string; label: string }) {
  return (
    <span className="flex min-w-0 items-center gap-1">
      <span className="mono truncate" title={id}>
        {id}
      </span>
      <CopyButton text={id} label={label} className="size-5" />
    </span>
  );
}

function SkillLink({ id, version }: { id: string; version: string }) {
  return (
    <Link
      className="text-accent hover:underline"
      href={`/registry/skills/${encodeURIComponent(id)}?version=${encodeURIComponent(version)}`}
    >
      {id}@{version}
    </Link>
  );
}

function RunLink({ id, note }: { id: string; note?: string }) {
  return (
    <span>
      <Link className="mono text-accent hover:underline" href={`/runs/${id}`}>
        {id}
      </Link>{" "}
      {note === undefined ? null : <span className="text-ink-muted">{note}</span>}
    </span>
  );
}

function RunLinks({ ids }: { ids: readonly string[] }) {
  return (
    <ul>
      {ids.map((id) => (
        <li key={id}>
          <RunLink id={id} />
        </li>
      ))}
    </ul>
  );
}
