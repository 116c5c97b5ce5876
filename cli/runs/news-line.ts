import { formatDuration } from "../../core/duration.ts";
import { type EventEnvelope, stepKeyOfPayload } from "../../core/run-events.ts";
import { isJsonObject } from "../../core/json.ts";
import type { StepView } from "../../core/run-view.ts";
import { toOneLine } from "../terminal/one-line.ts";
import type { Paint } from "../terminal/tone.ts";

export type NewsLevel = "routine" | "remarkable";

/**
 * What a person who watches is told of an event, or null for one that only machines care about. `routine` news are for
 * logs; a terminal, which shows the progress, gets the `remarkable` ones only.
 */
export function newsOfEvent(
  event: EventEnvelope,
  view: StepView | null,
  paint: Paint,
): { level: NewsLevel; text: string } | null {
  const step = toOneLine(stepKeyOfPayload(event.payload) ?? "");
  const took = durationOf(view);
  switch (event.event_type) {
    case "step.started":
      return view?.status === "waiting_for_signal"
        ? { level: "remarkable", text: sayWait(event, step, reason(view), paint) }
        : null;
    case "approval.requested":
      return {
        level: "remarkable",
        text: sayApproval(event, `${step} waits for ${reason(view)}`, paint),
      };
    case "step.completed":
      return { level: "routine", text: `${paint("good", "✓")} ${step}${took}` };
    case "step.skipped":
      return { level: "routine", text: `${paint("quiet", "–")} ${step} skipped: ${reason(view)}` };
    case "step.degraded":
      return {
        level: "remarkable",
        text: `${paint("warn", "!")} ${step} degraded: ${reason(view)}`,
      };
    case "step.failed":
      return {
        level: "remarkable",
        text: `${paint("bad", "✗")} ${step} failed${took}: ${errorOf(view)}`,
      };
    case "step.retry_scheduled":
      return {
        level: "remarkable",
        text: `${paint("warn", "↻")} ${step} is tried again: ${errorOf(view)}`,
      };
    case "step.canceled":
      return { level: "routine", text: `${paint("quiet", "–")} ${step} canceled` };
    case "run.paused":
      return { level: "remarkable", text: `${paint("warn", "‖")} paused` };
    case "run.resumed":
      return { level: "remarkable", text: `${paint("busy", "▸")} resumed` };
    default:
      return null;
  }
}

/** A signal comes from a person as often as from a program: how to send it stands beside the wait. */
function sayWait(event: EventEnvelope, step: string, awaited: string, paint: Paint): string {
  const text = `${paint("warn", "…")} ${step} waits for ${awaited}`;
  const { wait } = event.payload;
  if (!isJsonObject(wait) || typeof wait.name !== "string") return text;
  const command = `orca runs signal ${event.run_id} ${toOneLine(wait.name)}`;
  return `${text}\n  ${paint("quiet", command)}`;
}

/** Who may decide can do so from here: the command stands beside the wait. */
function sayApproval({ payload }: EventEnvelope, text: string, paint: Paint): string {
  const { approval_id: approvalId } = payload;
  const told = `${paint("warn", "…")} ${text}`;
  if (typeof approvalId !== "string") return told;
  return `${told}\n  ${paint("quiet", `orca approve ${toOneLine(approvalId)}`)}`;
}

function reason(view: StepView | null): string {
  return toOneLine(view?.reason ?? "no reason given");
}

function errorOf(view: StepView | null): string {
  return view?.error === null || view === null
    ? "no reason given"
    : toOneLine(`${view.error.code}: ${view.error.message}`);
}

function durationOf(view: StepView | null): string {
  if (view?.started_at == null || view.ended_at === null) return "";
  return ` ${formatDuration(Date.parse(view.ended_at) - Date.parse(view.started_at))}`;
}
