import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../core/json.ts";
import { stepKeyOfPayload, type EventType } from "../../core/run-events.ts";
import type { SkillGraph } from "../../core/run-view.ts";
import { eventOf } from "../testing/event.ts";
import { paintNothing } from "../terminal/tone.ts";
import { newsOfEvent } from "./news-line.ts";
import { renderProgressLine } from "./progress-line.ts";
import { createRunProgress } from "./run-progress.ts";

const step = (step_id: string): SkillGraph["steps"][number] => ({
  step_id,
  uses: "text.note.write",
  kind: "capability",
  depends_on: [],
  condition: null,
  loop: null,
  router: null,
  join: "all",
  writes: [],
  reads: [],
});
const GRAPH: SkillGraph = {
  skill_id: "text.note",
  skill_version: "1.0.0",
  steps: ["read", "resize", "write"].map(step),
};
type Told = [EventType, JsonObject?];

function after(...events: Told[]) {
  const progress = createRunProgress(GRAPH);
  for (const [index, [type, payload]] of events.entries())
    progress.fold(eventOf(index + 1, type, payload));
  const line = (given: { elapsedMs?: number; width?: number; isLost?: boolean } = {}) =>
    renderProgressLine(progress, { elapsedMs: 1234, width: 200, isLost: false, ...given });
  const news = () => {
    const [type, payload = {}] = events.at(-1) ?? ["run.created"];
    const view = progress.view(stepKeyOfPayload(payload) ?? "");
    return newsOfEvent(eventOf(events.length, type, payload), view, paintNothing);
  };
  return { line, news };
}
const started = (step_id: string, more: JsonObject = {}): Told => [
  "step.started",
  { step_id, attempt: 1, ...more },
];

describe("the progress line", () => {
  test("counts steps, names the one under way and the time", () => {
    expect(after(["run.created"]).line()).toBe("0/3 steps · pending · 1.2 s");
    expect(
      after(["run.started"], started("read"), ["step.completed", { step_id: "read" }]).line(),
    ).toBe("1/3 steps · 1.2 s");
    expect(after(["run.started"], started("read"), started("write")).line()).toBe(
      "0/3 steps · write and 1 more · 1.2 s",
    );
  });

  test("counts a loop's occurrences at their step, not as steps", () => {
    const occurrence = (key: string): Told[] => [
      started("resize", { occurrence: key }),
      ["step.completed", { step_id: "resize", occurrence: key }],
    ];
    const loop = started("resize", { loop: { kind: "foreach", count: 50 } });
    expect(after(["run.started"], loop, ...occurrence("0"), ...occurrence("1")).line()).toBe(
      "0/3 steps · resize 2/50 · 1.2 s",
    );
  });

  test("says what a run waits for, and that the server is away", () => {
    const wait = started("write", { wait: { kind: "signal", name: "approved" } });
    expect(after(["run.started"], wait).line({ isLost: true })).toBe(
      "0/3 steps · write waits for the signal approved · 1.2 s · connection lost, looking for the server …",
    );
  });

  test("keeps to the terminal's width", () => {
    expect(after(["run.started"], started("read")).line({ width: 16 })).toBe("0/3 steps · rea…");
  });

  test("drops tenths once a run takes long", () => {
    expect(after(["run.started"]).line({ elapsedMs: 61_400 })).toContain("1 m 1 s");
  });
});

describe("news", () => {
  test.each<[string, Told[], { level: string; text: string } | null]>([
    [
      "a step that ended is routine",
      [started("read"), ["step.completed", { step_id: "read" }]],
      { level: "routine", text: "✓ read 1 ms" },
    ],
    [
      "a failure comes with its reason",
      [
        started("read"),
        [
          "step.failed",
          {
            step_id: "read",
            attempt: 1,
            error: { code: "upstream_failure", message: "Went\naway" },
          },
        ],
      ],
      { level: "remarkable", text: "✗ read failed 1 ms: upstream_failure: Went away" },
    ],
    [
      "a skipped step says why",
      [["step.skipped", { step_id: "read", reason: "condition is false" }]],
      { level: "routine", text: "– read skipped: condition is false" },
    ],
    [
      "a wait for a signal says how to send it",
      [started("write", { wait: { kind: "signal", name: "approved" } })],
      {
        level: "remarkable",
        text: "… write waits for the signal approved\n  orca runs signal run_1 approved",
      },
    ],
    [
      "what only machines care about is none",
      [["checkpoint.saved", { kind: "run_started" }]],
      null,
    ],
  ])("%s", (_, events, expected) => {
    expect(after(...events).news()).toEqual(expected);
  });
});
