import type { StepView } from "../../core/run-view.ts";
import type { Span } from "../run-explorer/time-spans.ts";

/** What a step was doing: work, a pause before the next attempt, or a wait for something outside. */
export type BarKind = "work" | "retry_wait" | "wait";

export type TimelineBar = Span & {
  kind: BarKind;
  /** Of work: how it ended. */
  outcome: StepView["attempts"][number]["status"];
  attempt: number;
};

/** The bars of one step; what has not ended reaches to `now`. `isWait`: its attempts are waits, not work. */
export function timelineBars(view: StepView, isWait: boolean, now: number): TimelineBar[] {
  const bars: TimelineBar[] = [];
  const asked = waitBeforeWork(view, now);
  if (asked !== null) bars.push(asked);
  for (const [index, attempt] of view.attempts.entries()) {
    const start = Date.parse(attempt.started_at);
    const end = attempt.ended_at === null ? now : Date.parse(attempt.ended_at);
    const before = bars.at(-1);
    if (before !== undefined && before !== asked && start > before.end) {
      bars.push({
        kind: "retry_wait",
        start: before.end,
        end: start,
        outcome: "failed",
        attempt: index,
      });
    }
    bars.push({
      kind: isWait ? "wait" : "work",
      start,
      end: Math.max(start, end),
      outcome: attempt.status,
      attempt: attempt.attempt,
    });
  }
  const last = bars.at(-1);
  if (last !== undefined && view.status === "retry_scheduled" && now > last.end) {
    bars.push({
      kind: "retry_wait",
      start: last.end,
      end: now,
      outcome: "failed",
      attempt: last.attempt,
    });
  }
  if (last !== undefined && view.status === "waiting_for_human" && now > last.end) {
    bars.push({
      kind: "wait",
      start: last.end,
      end: now,
      outcome: "running",
      attempt: last.attempt,
    });
  }
  return bars;
}

/** A call that people confirm first begins with their answer; null where nobody was asked before the first attempt. */
function waitBeforeWork(view: StepView, now: number): TimelineBar | null {
  if (view.started_at === null) return null;
  const start = Date.parse(view.started_at);
  const begun = view.attempts[0]?.started_at ?? view.ended_at;
  const end = begun === null ? now : Date.parse(begun);
  const isAsked = view.attempts.length > 0 ? end > start : view.status === "waiting_for_human";
  return isAsked ? { kind: "wait", start, end, outcome: "running", attempt: 0 } : null;
}
