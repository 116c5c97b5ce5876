"use client";

import Link from "next/link";
import type { StepView } from "../../core/run-view.ts";
import { planHref } from "../rewind/plan-href.ts";
import { Problem } from "../ui/problem.tsx";
import { PropertyList } from "../ui/property-list.tsx";
import { LiveDuration } from "../ui/live-duration.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { StepApproval } from "../approvals/step-approval.tsx";
import { OccurrenceList } from "./occurrence-list.tsx";
import { SendSignal } from "./send-signal.tsx";
import type { StepGroup } from "./step-groups.ts";

type StepOverviewProps = {
  runId: string;
  group: StepGroup;
  view: StepView;
  onSelect: (key: string) => void;
  onCheckpoint: (() => void) | null;
};

/** What a step is, what became of it and why, and its occurrences where it loops. */
export function StepOverview({ runId, group, view, onSelect, onCheckpoint }: StepOverviewProps) {
  const { step } = group;
  const uses = view.uses ?? step.uses;
  const signal =
    view.status === "waiting_for_signal" && step.kind === "signal" ? view.input?.["name"] : null;
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-auto p-4">
      {view.error === null ? null : <Problem error={view.error} />}
      {typeof signal === "string" ? <SendSignal runId={runId} name={signal} /> : null}
      {view.status === "waiting_for_human" ? (
        <StepApproval runId={runId} stepId={view.step_id} occurrence={view.occurrence} />
      ) : null}
      <PropertyList
        entries={[
          ["Why", view.reason === null ? null : waitsOrWas(view)],
          ["Uses", <UsesLink key="uses" uses={uses} kind={step.kind} />],
          [
            "Started",
            view.started_at === null ? (
              "not yet"
            ) : (
              <RelativeTime key="started" at={view.started_at} />
            ),
          ],
          [
            "Took",
            view.started_at === null ? null : (
              <LiveDuration key="took" from={view.started_at} to={view.ended_at} />
            ),
          ],
          ["Due", view.due_at === null ? null : <RelativeTime key="due" at={view.due_at} />],
          ["Attempts", view.attempts.length === 0 ? null : String(view.attempts.length)],
          [
            "After",
            step.depends_on.length === 0 ? (
              "the start"
            ) : (
              <StepLinks key="after" ids={step.depends_on} join={step.join} onSelect={onSelect} />
            ),
          ],
          [
            "Condition",
            step.condition === null ? null : (
              <code key="condition" className="mono">
                {step.condition}
              </code>
            ),
          ],
          ["Reads", step.reads.length === 0 ? null : <Names key="reads" names={step.reads} />],
          ["Writes", step.writes.length === 0 ? null : <Names key="writes" names={step.writes} />],
          [
            "State",
            onCheckpoint === null ? null : (
              <button
                key="state"
                type="button"
                className="text-accent hover:underline"
                onClick={onCheckpoint}
              >
                after this step
              </button>
            ),
          ],
          [
            "Again",
            view.started_at === null || view.occurrence !== null ? null : (
              <Link
                key="again"
                className="text-accent hover:underline"
                href={planHref(runId, { operation: "replay", step: step.step_id })}
              >
                replay from this step
              </Link>
            ),
          ],
          [
            "Child run",
            view.child_run_id === null ? null : (
              <Link
                key="child"
                className="mono text-accent hover:underline"
                href={`/runs/${view.child_run_id}`}
              >
                {view.child_run_id}
              </Link>
            ),
          ],
          [
            "Effects",
            view.effect_ids.length === 0 ? null : <Names key="effects" names={view.effect_ids} />,
          ],
        ]}
      />
      {view.occurrence === null && group.occurrences.length > 0 ? (
        <OccurrenceList group={group} onSelect={onSelect} />
      ) : null}
      {view.occurrence === null ? null : (
        <button
          type="button"
          className="self-start text-accent hover:underline"
          onClick={() => onSelect(step.step_id)}
        >
          {group.counts.length > 0 ? "All occurrences of" : "Back to"} {step.step_id}
        </button>
      )}
    </div>
  );
}

function waitsOrWas(view: StepView): string {
  return view.status === "waiting_for_signal" || view.status === "waiting_for_human"
    ? `waits for ${view.reason}`
    : (view.reason ?? "");
}

function UsesLink({ uses, kind }: { uses: string; kind: StepGroup["step"]["kind"] }) {
  if (kind !== "capability" && kind !== "skill") return <span className="mono">{uses}</span>;
  const isSkill = uses.startsWith("skill:");
  const id = (isSkill ? uses.slice("skill:".length) : uses).split("@")[0] ?? uses;
  return (
    <Link
      className="mono text-accent hover:underline"
      href={`/registry/${isSkill ? "skills" : "capabilities"}/${encodeURIComponent(id)}`}
    >
      {uses}
    </Link>
  );
}

function StepLinks({
  ids,
  join,
  onSelect,
}: {
  ids: readonly string[];
  join: string;
  onSelect: (key: string) => void;
}) {
  return (
    <span>
      {ids.length > 1 ? `${join} of ` : ""}
      {ids.map((id, index) => (
        <span key={id}>
          {index === 0 ? "" : ", "}
          <button
            type="button"
            className="text-accent hover:underline"
            onClick={() => onSelect(id)}
          >
            {id}
          </button>
        </span>
      ))}
    </span>
  );
}

function Names({ names }: { names: readonly string[] }) {
  return (
    <span className="mono flex flex-wrap gap-x-3">
      {names.map((name) => (
        <span key={name}>{name}</span>
      ))}
    </span>
  );
}
