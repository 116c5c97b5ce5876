import { formatDuration } from "../../core/duration.ts";
import type { StepView } from "../../core/run-view.ts";
import { toOneLine } from "../terminal/one-line.ts";
import { truncate } from "../terminal/text-width.ts";
import type { RunProgress } from "./run-progress.ts";

/** A run under way in one line: steps done and in total, what it does now, and for how long it has been watched. */
export function renderProgressLine(
  progress: RunProgress,
  { elapsedMs, width, isLost }: { elapsedMs: number; width: number; isLost: boolean },
): string {
  const { done, total } = progress.counts();
  const counted = total === null ? `${done} steps` : `${done}/${total} steps`;
  const parts = [counted, sayCurrent(progress), formatDuration(wholeSeconds(elapsedMs))];
  if (isLost) parts.push("connection lost, looking for the server …");
  return truncate(parts.filter((part) => part !== "").join(" · "), width);
}

function sayCurrent(progress: RunProgress): string {
  const [first, ...others] = progress.current();
  if (first === undefined) return progress.status() === "running" ? "" : words(progress.status());
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return `${sayStep(first, progress.endedOccurrences(first.step_id))}${more}`;
}

function sayStep(view: StepView, ended: number): string {
  const name = toOneLine(view.step_id);
  if (view.status === "retry_scheduled") return `${name} is tried again soon`;
  if (view.status === "waiting_for_signal" || view.status === "waiting_for_human")
    return `${name} waits for ${toOneLine(view.reason ?? "an answer")}`;
  if (view.loop === null) return name;
  return view.loop.count === null ? `${name} ${ended}` : `${name} ${ended}/${view.loop.count}`;
}

function words(status: string): string {
  return status.replaceAll("_", " ");
}

/** Tenths would only flicker once a run takes long. */
function wholeSeconds(ms: number): number {
  return ms < 10_000 ? Math.round(ms / 100) * 100 : Math.round(ms / 1000) * 1000;
}
