import { describe, expect, test } from "vitest";
import { eventOf } from "../testing/event.ts";
import { paintNothing } from "../terminal/tone.ts";
import { textWidth } from "../terminal/text-width.ts";
import { createEventLines } from "./event-line.ts";

const lines = (width: number | null) =>
  createEventLines({ width: () => width, paint: paintNothing });
const FAILED = eventOf(12, "step.failed", {
  step_id: "fetch",
  occurrence: "3",
  attempt: 2,
  duration_ms: 1200,
  error: { code: "upstream_failure", message: "The page answered\n503." },
});

describe("the line of an event", () => {
  test("has time, sequence, type, step and gist, whole where it is not read by people", () => {
    expect(lines(null)(FAILED)).toBe(
      "2030-01-01T00:00:00.012Z     12  step.failed            fetch#3       attempt 2 · upstream_failure: The page answered 503. · 1.2 s",
    );
    expect(lines(null)(eventOf(2, "run.started"))).toBe(
      "2030-01-01T00:00:00.002Z      2  run.started            –",
    );
  });

  test("fits the terminal", () => {
    for (const width of [60, 80, 140])
      expect(textWidth(lines(width)(FAILED))).toBeLessThanOrEqual(width);
  });

  test("says of a run's birth and end what it is about", () => {
    const skill = { skill_id: "text.note", skill_version: "1.0.0", environment: "dev" };
    expect(lines(null)(eventOf(1, "run.created", skill))).toContain("text.note · 1.0.0 · dev");
    expect(
      lines(null)(eventOf(9, "run.completed", { outputs: { note: "x", length: 1 } })),
    ).toContain("outputs note, length");
  });

  test("keeps the gists of steps with long names in one column from then on", () => {
    const line = lines(null);
    const first = line(eventOf(1, "step.started", { step_id: "await_confirmation", uses: "a.b" }));
    const second = line(eventOf(2, "step.started", { step_id: "short", uses: "a.b" }));
    expect(second.indexOf("a.b")).toBe(first.indexOf("a.b"));
  });
});
