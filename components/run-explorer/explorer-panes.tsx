"use client";

import { useMemo } from "react";
import type { EventEnvelope } from "../../core/run-events.ts";
import type { RunDetail, SkillGraph } from "../../core/run-view.ts";
import { occurrenceKey } from "../../core/step.ts";
import { CheckpointPanel } from "../checkpoints/checkpoint-panel.tsx";
import { useCheckpointChoice } from "../checkpoints/use-checkpoint-choice.ts";
import { planHref } from "../rewind/plan-href.ts";
import { RunGraph } from "../run-graph/run-graph.tsx";
import { usePageKeys } from "../shell/page-keys.tsx";
import { Timeline } from "../timeline/timeline.tsx";
import { SplitPane } from "../ui/split-pane.tsx";
import { TabBar } from "../ui/tab-bar.tsx";
import { useRouter } from "next/navigation";
import { EventList } from "./event-list.tsx";
import { Inspector } from "./inspector.tsx";
import { failedStep } from "./status-sentence.ts";
import type { StepGroup } from "./step-groups.ts";
import { INSPECTOR_TABS, useSelection } from "./use-selection.ts";

type ExplorerPanesProps = {
  run: RunDetail;
  isLive: boolean;
  graph: SkillGraph | undefined;
  groups: readonly StepGroup[];
  events: readonly EventEnvelope[];
};

/** Graph above timeline and events, the inspector beside them; all show the one selection that stands in the URL. */
export function ExplorerPanes({ run, isLive, graph, groups, events }: ExplorerPanesProps) {
  const [selection, select] = useSelection();
  const router = useRouter();
  const byStep = useMemo(
    () => new Map(groups.map((group) => [group.step.step_id, group])),
    [groups],
  );
  const failed = isLive ? null : failedStep(groups);
  // Someone who opens a failed run wants to see where it failed; choosing anything else overrules that.
  const key =
    selection.step ??
    (failed === null ? "" : occurrenceKey(failed.step_id, failed.occurrence ?? undefined));
  const chosen = useMemo(() => findChosen(groups, key), [groups, key]);
  const chooseStep = (step: string | null) => {
    if ((step ?? "") !== key || selection.checkpoint !== null)
      select({ step: step ?? "", checkpoint: null });
  };
  const choice = useCheckpointChoice(run.run_id, events, selection.checkpoint, (chosen, how) => {
    const step = chosen?.step_path ?? null;
    select({ checkpoint: chosen?.checkpoint_id ?? null, ...(step === null ? {} : { step }) }, how);
  });
  const afterStep = choice.checkpoints.findLast(({ step_path }) => step_path === key);

  const index = groups.findIndex((group) => group.step.step_id === chosen?.group.step.step_id);
  const move = (by: number) => {
    const next = groups[Math.min(groups.length - 1, Math.max(0, index + by))];
    if (next !== undefined) chooseStep(next.step.step_id);
  };
  const planOf = (operation: "replay" | "fork") => {
    const step = chosen?.group.step.step_id;
    const from =
      selection.checkpoint !== null
        ? { checkpoint: selection.checkpoint }
        : step === undefined
          ? {}
          : { step };
    router.push(planHref(run.run_id, { operation, ...from }));
  };
  usePageKeys([
    { key: "r", label: "Plan a replay from here", run: () => planOf("replay") },
    { key: "f", label: "Plan a fork from here", run: () => planOf("fork") },
    { key: "ArrowDown", label: "Next step", run: () => move(1) },
    { key: "ArrowUp", label: "Previous step", run: () => move(-1) },
    {
      key: "Escape",
      label: "Close the checkpoint, then show the run instead of a step",
      run: () => (selection.checkpoint === null ? chooseStep(null) : choice.select(null)),
    },
    { key: "]", label: "Next checkpoint", run: () => choice.move(1) },
    { key: "[", label: "Previous checkpoint", run: () => choice.move(-1) },
    ...(run.parent === null
      ? []
      : [
          {
            key: "p",
            label: "Open the run that started this one",
            run: () => router.push(`/runs/${run.parent?.run_id}`),
          },
        ]),
  ]);

  return (
    <SplitPane
      name="explorer.columns"
      direction="row"
      initialShare={0.61}
      label="Width of the inspector"
      first={
        <SplitPane
          name="explorer.rows"
          direction="column"
          initialShare={0.55}
          label="Height of the graph"
          first={
            <RunGraph
              graph={graph}
              groups={byStep}
              selectedStep={chosen?.group.step.step_id ?? null}
              onSelect={chooseStep}
            />
          }
          second={
            <div className="flex min-h-0 min-w-0 flex-1 bg-surface">
              <TabBar
                label="Timeline or events"
                tabs={[
                  { value: "timeline", label: "Timeline" },
                  {
                    value: "events",
                    label: (
                      <>
                        Events <span className="text-ink-muted">{events.length}</span>
                      </>
                    ),
                  },
                ]}
                value={selection.panel}
                onChange={(panel) => select({ panel })}
                className="flex min-h-0 min-w-0 flex-1 flex-col"
              >
                {selection.panel === "timeline" ? (
                  <Timeline
                    run={run}
                    isLive={isLive}
                    groups={groups}
                    selected={key}
                    onSelect={chooseStep}
                    choice={choice}
                  />
                ) : (
                  <EventList events={events} startedAt={run.created_at} isLive={isLive} />
                )}
              </TabBar>
            </div>
          }
        />
      }
      second={
        selection.checkpoint === null ? (
          <Inspector
            run={run}
            isLive={isLive}
            events={events}
            groups={groups}
            chosen={chosen}
            tab={INSPECTOR_TABS.find((tab) => tab === selection.tab) ?? "overview"}
            onTab={(tab) => select({ tab })}
            onSelect={chooseStep}
            onCheckpoint={afterStep === undefined ? null : () => choice.select(afterStep)}
          />
        ) : (
          <CheckpointPanel
            runId={run.run_id}
            startedAt={run.created_at}
            checkpointId={selection.checkpoint}
            choice={choice}
            tab={selection.tab === "state" ? "state" : "changes"}
            onTab={(tab) => select({ tab })}
          />
        )
      }
    />
  );
}

function findChosen(groups: readonly StepGroup[], key: string) {
  for (const group of groups) {
    if (group.step.step_id === key) return { group, view: group.view };
    if (!key.startsWith(`${group.step.step_id}#`)) continue;
    const view = group.occurrences.find(
      (one) => occurrenceKey(one.step_id, one.occurrence ?? undefined) === key,
    );
    if (view !== undefined) return { group, view };
  }
  return null;
}
