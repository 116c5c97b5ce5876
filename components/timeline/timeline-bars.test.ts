import { expect, test } from "vitest";
import type { AttemptView, StepView } from "../../core/run-view.ts";
import { emptyStepView } from "../../core/step-views.ts";
import { timelineBars } from "./timeline-bars.ts";

const at = (ms: number) => new Date(ms).toISOString();
const attempt = (
  number: number,
  start: number,
  end: number | null,
  status: AttemptView["status"],
): AttemptView => ({
  attempt: number,
  started_at: at(start),
  ended_at: end === null ? null : at(end),
  status,
  error: null,
});
const step = (status: StepView["status"], attempts: AttemptView[]): StepView => ({
  ...emptyStepView("a", null),
  status,
  attempts,
});

test("the pause between two attempts is drawn as a wait for the retry", () => {
  const view = step("completed", [attempt(1, 0, 100, "failed"), attempt(2, 300, 400, "completed")]);
  expect(timelineBars(view, false, 999).map(({ kind, start, end }) => [kind, start, end])).toEqual([
    ["work", 0, 100],
    ["retry_wait", 100, 300],
    ["work", 300, 400],
  ]);
});

test("what has not ended reaches to now", () => {
  expect(timelineBars(step("running", [attempt(1, 0, null, "running")]), false, 50)[0]?.end).toBe(
    50,
  );
  expect(
    timelineBars(step("retry_scheduled", [attempt(1, 0, 10, "failed")]), false, 50).at(-1),
  ).toMatchObject({
    kind: "retry_wait",
    start: 10,
    end: 50,
  });
});

test("a call that people confirm first waits before its first attempt", () => {
  const asked = { ...step("waiting_for_human", []), started_at: at(10) };
  expect(timelineBars(asked, false, 50).map(({ kind, start, end }) => [kind, start, end])).toEqual([
    ["wait", 10, 50],
  ]);
  const called = { ...step("completed", [attempt(1, 40, 45, "completed")]), started_at: at(10) };
  expect(timelineBars(called, false, 50).map(({ kind, start, end }) => [kind, start, end])).toEqual(
    [
      ["wait", 10, 40],
      ["work", 40, 45],
    ],
  );
});

test("a step that waits for a signal or a clock is drawn as waiting, not as work", () => {
  expect(timelineBars(step("completed", [attempt(1, 0, 9, "completed")]), true, 50)[0]?.kind).toBe(
    "wait",
  );
});
