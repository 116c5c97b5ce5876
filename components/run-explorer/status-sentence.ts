import { isUndo } from "../../core/compensation.ts";
import { formatDueTime } from "../../core/due-time.ts";
import type { RunDetail, RunSummary, StepView } from "../../core/run-view.ts";
import { isTerminal, type RunStatus } from "../../core/run.ts";
import { formatDuration } from "../ui/format-duration.ts";
import type { StepGroup } from "./step-groups.ts";

/** What a run is doing or how it ended, as one sentence. */
export function statusSentence(
  run: RunSummary & Ended,
  status: RunStatus,
  groups: readonly StepGroup[],
  now: number,
): string {
  const lasted = lastedOf(run, now);
  switch (status) {
    case "pending":
      return "Waiting for a worker to take it.";
    case "running":
    case "replaying":
      return runningSentence(groups);
    case "paused":
      return "Paused. Nothing runs until it is resumed.";
    case "waiting_for_human":
      return waitingSentence(groups, now, "waiting_for_human");
    case "waiting_for_signal":
      return waitingSentence(groups, now, "waiting_for_signal");
    case "compensating":
      return undoingSentence(groups);
    case "completed":
      return `Completed${lasted.replace("after", "in")}.`;
    case "failed":
      return `Failed${placeOf(groups)}${lasted}.${undoneSentence(run)}`;
    case "canceled":
      return `Canceled${lasted}.${undoneSentence(run)}`;
  }
}

function undoingSentence(groups: readonly StepGroup[]): string {
  const waiting = groups
    .flatMap(({ occurrences }) => occurrences)
    .find((view) => view.status === "waiting_for_human");
  return waiting === undefined
    ? "Undoing what it did outside."
    : `Undoing what it did outside; waiting for ${waiting.reason ?? "a person"} at ${waiting.step_id}.`;
}

/** What became of undoing, as the last part of the sentence. */
function undoneSentence({
  compensation,
  left_standing: left = [],
  compensation_error: error = null,
}: Ended): string {
  if (error !== null) return " What it did outside could not be found out and was not undone.";
  const standing =
    left.length === 0
      ? ""
      : ` ${left.length === 1 ? "1 effect stands" : `${left.length} effects stand`} all the same.`;
  if (compensation === "completed") return ` What it did outside was undone.${standing}`;
  return compensation === "failed"
    ? ` What it did outside was not undone in full.${standing}`
    : standing;
}

type Ended = Partial<Pick<RunDetail, "compensation" | "left_standing" | "compensation_error">>;

/** The step at which a run that failed came to its end: the last one that failed. */
export function failedStep(groups: readonly StepGroup[]): StepView | null {
  const failed = groups
    .flatMap((group) => [group.view, ...group.occurrences])
    .filter((view) => view.status === "failed" && !isUndo(view));
  return (
    failed
      .toSorted((a, b) => Number(a.occurrence === null) - Number(b.occurrence === null))
      .at(0) ?? null
  );
}

function runningSentence(groups: readonly StepGroup[]): string {
  const done = groups.filter((group) => group.view.ended_at !== null).length;
  const progress = `${done} of ${groups.length} steps done`;
  const names = namesOf(groups, "running");
  const retrying = groups
    .flatMap(({ view, occurrences }) => [view, ...occurrences])
    .filter((view) => view.status === "retry_scheduled");
  if (names !== "") return `Running ${names} · ${progress}.`;
  return retrying.length > 0
    ? `Waiting to try ${retrying[0]?.step_id} again · ${progress}.`
    : `Running · ${progress}.`;
}

function waitingSentence(
  groups: readonly StepGroup[],
  now: number,
  status: "waiting_for_human" | "waiting_for_signal",
): string {
  const waiting = groups
    .flatMap(({ view, occurrences }) => [view, ...occurrences])
    .find((view) => view.status === status);
  const awaited = status === "waiting_for_human" ? "a person" : "a signal";
  if (waiting === undefined) return `Waiting for ${awaited}.`;
  const due =
    waiting.due_at === null ? "" : `, due ${formatDueTime(Date.parse(waiting.due_at), now)}`;
  return `Waiting for ${waiting.reason ?? awaited} at ${waiting.step_id}${due}.`;
}

function namesOf(groups: readonly StepGroup[], status: StepView["status"]): string {
  const names = groups
    .filter(({ view, occurrences }) => [view, ...occurrences].some((one) => one.status === status))
    .map(({ step }) => step.step_id);
  return names.length > 3
    ? `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`
    : names.join(", ");
}

function placeOf(groups: readonly StepGroup[]): string {
  const step = failedStep(groups);
  return step === null
    ? ""
    : ` at ${step.step_id}${step.occurrence === null ? "" : ` #${step.occurrence}`}`;
}

function lastedOf(run: RunSummary, now: number): string {
  if (run.started_at === null) return isTerminal(run.status) ? " before it started" : "";
  return ` after ${formatDuration((run.finished_at === null ? now : Date.parse(run.finished_at)) - Date.parse(run.started_at))}`;
}
