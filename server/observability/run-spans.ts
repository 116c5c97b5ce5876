import { isJsonObject, type Json } from "../../core/json.ts";
import type { EventEnvelope } from "../../core/run-events.ts";
import type { StepView } from "../../core/run-view.ts";
import { foldStepViews } from "../../core/step-views.ts";

/** One stretch of time of a run's trace. Times are epoch milliseconds. */
export type RunSpan = {
  name: string;
  startedAt: number;
  endedAt: number;
  attributes: Record<string, string | number>;
  /** What went wrong, where something did. */
  error: string | null;
  children: RunSpan[];
};

/**
 * The trace of a run that has ended, from its events: the run, below it an attempt of a step each. Null where the
 * events do not reach from the start to an end.
 */
export function toRunSpan(events: readonly EventEnvelope[]): RunSpan | null {
  const created = events[0];
  const started = events.find((event) => event.event_type === "run.started") ?? created;
  const ended = events.findLast((event) => STATUS_OF_END[event.event_type] !== undefined);
  if (created === undefined || started === undefined || ended === undefined) return null;
  const steps = new Map<string, StepView>();
  for (const event of events) foldStepViews(steps, event);
  const endedAt = Date.parse(ended.occurred_at);
  const skillId = textOf(created.payload.skill_id);
  return {
    name: `run ${skillId}`,
    startedAt: Date.parse(started.occurred_at),
    endedAt,
    attributes: {
      "orca.tenant_id": created.tenant_id,
      "orca.run_id": created.run_id,
      "orca.skill_id": skillId,
      "orca.skill_version": textOf(created.payload.skill_version),
      "orca.environment": textOf(created.payload.environment),
      "orca.status": STATUS_OF_END[ended.event_type] ?? "",
      "orca.queue_ms": Date.parse(started.occurred_at) - Date.parse(created.occurred_at),
    },
    error: ended.event_type === "run.failed" ? messageOf(ended) : null,
    children: [...steps.values()].flatMap((step) => toStepSpans(step, endedAt)),
  };
}

const STATUS_OF_END: Partial<Record<EventEnvelope["event_type"], string>> = {
  "run.completed": "completed",
  "run.failed": "failed",
  "run.canceled": "canceled",
};

function toStepSpans(step: StepView, runEndedAt: number): RunSpan[] {
  return step.attempts.map((attempt) => ({
    name: `step ${step.step_id}`,
    startedAt: Date.parse(attempt.started_at),
    endedAt: attempt.ended_at === null ? runEndedAt : Date.parse(attempt.ended_at),
    attributes: {
      "orca.step_id": step.step_id,
      "orca.attempt": attempt.attempt,
      "orca.status": attempt.status,
      ...(step.occurrence === null ? {} : { "orca.occurrence": step.occurrence }),
      ...(step.uses === null ? {} : { "orca.uses": step.uses }),
      ...(step.binding === null ? {} : { "orca.binding_id": step.binding.binding_id }),
    },
    error: attempt.error?.message ?? null,
    children: [],
  }));
}

function messageOf({ payload }: EventEnvelope): string {
  return isJsonObject(payload.error) ? textOf(payload.error.message) : "";
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
