"use client";

import type { RunDetail } from "../../core/run-view.ts";
import type { EventEnvelope } from "../../core/run-events.ts";
import { occurrenceKey } from "../../core/step.ts";
import { JsonViewer } from "../json-viewer/json-viewer.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { TabBar } from "../ui/tab-bar.tsx";
import { StatusBadge } from "../runs/status-badge.tsx";
import { Braces } from "lucide-react";
import { AttemptList } from "./attempt-list.tsx";
import { BindingPanel } from "./binding-panel.tsx";
import { RunEffects } from "../effects/run-effects.tsx";
import { EventList } from "./event-list.tsx";
import { occurrenceLabel } from "./occurrence-label.ts";
import { RunOverview } from "./run-overview.tsx";
import { StepDefinition } from "./step-definition.tsx";
import { StepOverview } from "./step-overview.tsx";
import { INSPECTOR_TABS, type InspectorTab } from "./use-selection.ts";
import type { StepGroup } from "./step-groups.ts";
import type { StepView } from "../../core/run-view.ts";

type InspectorProps = {
  run: RunDetail;
  isLive: boolean;
  events: readonly EventEnvelope[];
  groups: readonly StepGroup[];
  /** What is looked at: one step or occurrence; null for the run itself. */
  chosen: { group: StepGroup; view: StepView } | null;
  tab: InspectorTab;
  onTab: (tab: InspectorTab) => void;
  onSelect: (key: string) => void;
  /** Shows the run as of the last checkpoint after the chosen step; null where there is none. */
  onCheckpoint: (() => void) | null;
};

const LABELS: Record<InspectorTab, string> = {
  overview: "Overview",
  input: "Input",
  output: "Output",
  attempts: "Attempts",
  effects: "Effects",
  binding: "Binding",
  events: "Events",
  definition: "Definition",
};
const RUN_TABS: readonly InspectorTab[] = ["overview", "input", "output", "effects"];

/** Everything that is known of the chosen step, or of the run where none is chosen. */
export function Inspector({
  run,
  isLive,
  events,
  groups,
  chosen,
  tab,
  onTab,
  onSelect,
  onCheckpoint,
}: InspectorProps) {
  const tabs = (chosen === null ? RUN_TABS : INSPECTOR_TABS).map((value) => ({
    value,
    label: LABELS[value],
  }));
  const shown = tabs.some(({ value }) => value === tab) ? tab : "overview";
  return (
    <section aria-label="Inspector" className="flex min-h-0 min-w-0 flex-1 flex-col bg-surface">
      <h2 className="flex h-11 shrink-0 items-center gap-2 px-4">
        <span className="min-w-0 truncate font-semibold">
          {chosen === null ? "Run" : titleOf(chosen.view)}
        </span>
        {chosen === null ? null : (
          <StatusBadge
            status={chosen.view.occurrence === null ? chosen.group.shown : chosen.view.status}
          />
        )}
      </h2>
      <TabBar label="What to see" tabs={tabs} value={shown} onChange={onTab}>
        <Panel tab={shown} {...{ run, isLive, events, groups, chosen, onSelect, onCheckpoint }} />
      </TabBar>
    </section>
  );
}

function Panel({
  tab,
  run,
  isLive,
  events,
  groups,
  chosen,
  onSelect,
  onCheckpoint,
}: Omit<InspectorProps, "onTab">) {
  if (chosen === null) {
    if (tab === "input")
      return (
        <JsonPanel
          value={run.inputs}
          label="the run's inputs"
          empty="This run was started without inputs."
        />
      );
    if (tab === "output")
      return (
        <JsonPanel
          value={run.outputs}
          label="the run's outputs"
          empty={isLive ? "The run has not come to its end yet." : "The run ended without outputs."}
        />
      );
    if (tab === "effects") return <RunEffects runId={run.run_id} events={events} stepKey={null} />;
    return <RunOverview run={run} groups={groups} />;
  }
  const { group, view } = chosen;
  switch (tab) {
    case "overview":
      return (
        <StepOverview
          runId={run.run_id}
          group={group}
          view={view}
          onSelect={onSelect}
          onCheckpoint={onCheckpoint}
        />
      );
    case "input":
      return (
        <JsonPanel
          value={view.input}
          label={`the input of ${view.step_id}`}
          empty={inputMissing(group, view)}
        />
      );
    case "output":
      return (
        <JsonPanel
          value={view.output}
          label={`the output of ${view.step_id}`}
          empty={
            view.ended_at === null
              ? "The step has not ended yet."
              : `The step is ${view.status} and left no output.`
          }
        />
      );
    case "attempts":
      return <AttemptList view={view} />;
    case "effects":
      return (
        <RunEffects
          runId={run.run_id}
          events={events}
          stepKey={occurrenceKey(view.step_id, view.occurrence ?? undefined)}
        />
      );
    case "binding":
      return <BindingPanel view={view} events={events} />;
    case "events":
      return (
        <EventList
          events={events}
          startedAt={run.created_at}
          isLive={isLive}
          stepKey={occurrenceKey(view.step_id, view.occurrence ?? undefined)}
        />
      );
    case "definition":
      return (
        <StepDefinition skillId={run.skill_id} version={run.skill_version} stepId={view.step_id} />
      );
  }
}

function JsonPanel({
  value,
  label,
  empty,
}: {
  value: RunDetail["outputs"];
  label: string;
  empty: string;
}) {
  if (value === null || Object.keys(value).length === 0)
    return <EmptyState icon={Braces} title={empty} />;
  return <JsonViewer value={value} label={label} />;
}

function titleOf(view: StepView): string {
  return view.occurrence === null ? view.step_id : `${view.step_id} ${occurrenceLabel(view)}`;
}

function inputMissing(group: StepGroup, view: StepView): string {
  if (view.started_at === null) return "The step has not started yet.";
  if (group.counts.length > 0 && view.occurrence === null)
    return "Each occurrence has an input of its own; choose one in Overview.";
  return "The step takes no input.";
}
