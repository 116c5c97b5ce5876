import type { Database } from "../database/client.ts";
import { DomainError } from "../../core/errors.ts";
import { checkpointIdOf } from "../../core/ids.ts";
import { ResultCollector } from "../../core/recorded-results.ts";
import type { EventPayloads, RunEvent } from "../../core/run-events.ts";
import { occurrenceKey } from "../../core/step.ts";
import { streamRunEvents } from "../database/event-reader.ts";
import type { ReplayWish } from "./replay-wish.ts";
import { runNotFound } from "./runtime-errors.ts";

/** A run's history, read once, and what a plan wants to know of it. */
export type SourceHistory = {
  events: readonly RunEvent[];
  created: EventPayloads["run.created"];
  /** How long steps and occurrences took, by key. */
  durationsMs: ReadonlyMap<string, number>;
  /** Ids of the steps that began. */
  stepIds: ReadonlySet<string>;
};

/** Reads a run's history. Throws `run_not_found`. */
export async function readSourceHistory(
  pool: Database["pool"],
  run: { tenantId: string; runId: string },
): Promise<SourceHistory> {
  const events: RunEvent[] = [];
  for await (const event of streamRunEvents(pool, run)) events.push(event);
  const [first] = events;
  if (first?.type !== "run.created") throw runNotFound(run.runId);
  const durationsMs = new Map<string, number>();
  const stepIds = new Set<string>();
  for (const { type, payload } of events) {
    if (type === "step.started") stepIds.add(payload.step_id);
    if (type === "step.completed" && payload.duration_ms !== undefined)
      durationsMs.set(occurrenceKey(payload.step_id, payload.occurrence), payload.duration_ms);
  }
  return { events, created: first.payload, durationsMs, stepIds };
}

/** What the steps of a history had brought in the end. */
export function resultsOf(events: readonly RunEvent[]) {
  const collector = new ResultCollector();
  for (const event of events) collector.add(event, event.sequence);
  return collector.results;
}

/** Where a run is run again from: the last event whose results are taken, and the checkpoint that it is; 0 for the beginning. */
export function startOf(
  events: readonly RunEvent[],
  wish: ReplayWish,
): { through: number; checkpointId: string | null } {
  const through = startSequence(events, wish);
  return { through, checkpointId: through === 0 ? null : checkpointIdOf(wish.runId, through) };
}

function startSequence(events: readonly RunEvent[], wish: ReplayWish): number {
  if (wish.operation === "resume") return events.length;
  if (wish.checkpointSequence !== null) return wish.checkpointSequence;
  const { stepId } = wish;
  const failed = events.findLast((event) => event.type === "run.failed");
  const failedStep = failed?.type === "run.failed" ? failed.payload.step_id : undefined;
  const wanted = stepId ?? failedStep;
  if (wanted === undefined) return 0;
  const began = events.findLast(
    (event) =>
      event.type === "step.started" &&
      event.payload.step_id === wanted &&
      event.payload.occurrence === undefined &&
      event.payload.attempt === 1,
  );
  if (began === undefined && stepId !== null) {
    throw new DomainError("invalid_request", `Step ${stepId} did not begin in this run.`, {
      hint: "Name a step that ran, or a checkpoint.",
      details: { step_id: stepId },
    });
  }
  const until = began?.sequence ?? 0;
  const before = events.findLast(
    ({ type, sequence }) => type === "checkpoint.saved" && sequence < until,
  );
  return before?.sequence ?? 0;
}
