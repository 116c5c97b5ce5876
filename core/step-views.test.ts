import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type NewEvent, toEnvelope } from "./run-events.ts";
import type { StepView } from "./run-view.ts";
import { foldStepViews } from "./step-views.ts";

const RUN = { tenantId: "t", runId: "run_1", traceId: "0".repeat(32) };
const at = (second: number) => new Date(second * 1000).toISOString();

function fold(...events: NewEvent[]): Map<string, StepView> {
  const views = new Map<string, StepView>();
  for (const [index, event] of events.entries()) {
    foldStepViews(
      views,
      toEnvelope(RUN, Object.assign(event, { sequence: index + 1, at: (index + 1) * 1000 })),
    );
  }
  return views;
}
const started = (attempt = 1): NewEvent => ({
  type: "step.started",
  payload: { step_id: "a", attempt, input: { n: 1 } },
});
const error = { code: "upstream_failure", message: "It broke." } as const;

describe("the view of a step", () => {
  test("is running, then completed with its output and the attempt closed", () => {
    expect(fold(started()).get("a")).toMatchObject({
      status: "running",
      input: { n: 1 },
      started_at: at(1),
      ended_at: null,
    });
    const view = fold(started(), {
      type: "step.completed",
      payload: { step_id: "a", output: { ok: true } },
    }).get("a");
    expect(view).toMatchObject({
      status: "completed",
      output: { ok: true },
      ended_at: at(2),
      error: null,
    });
    expect(view?.attempts).toEqual([
      { attempt: 1, started_at: at(1), ended_at: at(2), status: "completed", error: null },
    ]);
  });

  test("is compensated once nothing stands that it or its occurrences did, unless it had failed", () => {
    const ended = (occurrence?: string): NewEvent[] => {
      const ref = occurrence === undefined ? { step_id: "a" } : { step_id: "a", occurrence };
      return [
        { type: "step.started", payload: { ...ref, attempt: 1 } },
        { type: "step.completed", payload: { ...ref, output: {} } },
      ];
    };
    const undone = (occurrence: string, completes?: "occurrence" | "step"): NewEvent => ({
      type: "step.compensated",
      payload: {
        step_id: "a",
        occurrence,
        effect_id: `eff_${occurrence}`,
        ...(completes === undefined ? {} : { completes }),
      },
    });
    const statuses = (...events: NewEvent[]) =>
      [...fold(...events)].map(([key, { status }]) => `${key} ${status}`);
    const loop = [...ended("0"), ...ended("1"), ...ended()];
    expect(statuses(...loop, undone("1"))).toContain("a#1 completed");
    expect(statuses(...loop, undone("1", "occurrence"))).toEqual([
      "a#0 completed",
      "a#1 compensated",
      "a completed",
    ]);
    expect(statuses(...loop, undone("1", "occurrence"), undone("0", "step"))).toEqual([
      "a#0 compensated",
      "a#1 compensated",
      "a compensated",
    ]);
    const failed: NewEvent = { type: "step.failed", payload: { step_id: "a", attempt: 1, error } };
    const whole: NewEvent = {
      type: "step.compensated",
      payload: { step_id: "a", effect_id: "eff_1", completes: "step" },
    };
    expect(statuses(started(), failed, whole)).toEqual(["a failed"]);
  });

  test("keeps each failed attempt and when the next is due", () => {
    const retry: NewEvent = {
      type: "step.retry_scheduled",
      payload: { step_id: "a", attempt: 1, error, due_at: at(60) },
    };
    expect(fold(started(), retry).get("a")).toMatchObject({
      status: "retry_scheduled",
      due_at: at(60),
      ended_at: null,
    });
    const view = fold(started(), retry, started(2), {
      type: "step.failed",
      payload: { step_id: "a", attempt: 2, error },
    }).get("a");
    expect(view).toMatchObject({
      status: "failed",
      due_at: null,
      error,
      started_at: at(1),
      ended_at: at(4),
    });
    expect(view?.attempts.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, "failed"],
      [2, "failed"],
    ]);
  });

  test("of a failed step that was resumed runs again without its error", () => {
    const failed: NewEvent = { type: "step.failed", payload: { step_id: "a", attempt: 1, error } };
    expect(fold(started(), failed, started(2)).get("a")).toMatchObject({
      status: "running",
      error: null,
      ended_at: null,
    });
  });

  test("says what it waits for", () => {
    const wait: NewEvent = {
      type: "step.started",
      payload: { step_id: "a", attempt: 1, wait: { kind: "signal", name: "paid", until: at(9) } },
    };
    expect(fold(wait).get("a")).toMatchObject({
      status: "waiting_for_signal",
      reason: "the signal paid",
      due_at: at(9),
    });
  });

  test("says why it was skipped, though it never began", () => {
    const view = fold({
      type: "step.skipped",
      payload: { step_id: "a", reason: "the condition is false" },
    }).get("a");
    expect(view).toMatchObject({
      status: "skipped",
      reason: "the condition is false",
      started_at: null,
      attempts: [],
    });
  });

  test("is canceled together with the attempt that was under way", () => {
    const view = fold(started(), {
      type: "step.canceled",
      payload: { step_id: "a", reason: "the run was canceled" },
    }).get("a");
    expect(view?.attempts[0]?.status).toBe("canceled");
  });

  test("names the binding that was chosen and the effects it had, each once", () => {
    const effect: NewEvent = {
      type: "side_effect.attempted",
      payload: {
        step_id: "a",
        effect_id: "eff_1",
        step_path: "a",
        capability_id: "email.send",
        binding_id: "b",
        binding_revision: 1,
        effect_class: "external_action",
        idempotency_key: "k",
        request_hash: "h",
        replay_policy: "use_recorded_result",
        attempts: 1,
      },
    };
    const selected: NewEvent = {
      type: "capability.selected",
      payload: {
        step_id: "a",
        capability_id: "email.send",
        binding_id: "b",
        service_id: "s",
        reason: "default",
      },
    };
    expect(fold(started(), selected, effect, effect).get("a")).toMatchObject({
      uses: "email.send",
      binding: { binding_id: "b", service_id: "s", reason: "default" },
      effect_ids: ["eff_1"],
    });
  });

  test("of each occurrence stands by itself, in the order in which they began", () => {
    const of = (occurrence: string): NewEvent => ({
      type: "step.started",
      payload: { step_id: "a", occurrence, attempt: 1 },
    });
    const loop: NewEvent = {
      type: "step.started",
      payload: { step_id: "a", attempt: 1, loop: { kind: "foreach", count: 2 } },
    };
    const views = fold(loop, of("0"), of("1"));
    expect([...views.keys()]).toEqual(["a", "a#0", "a#1"]);
    expect(views.get("a")?.loop).toEqual({ kind: "foreach", count: 2 });
  });
});

test("events of the whole run, and types that are not known here, change no step", () => {
  const views = fold(
    { type: "run.started", payload: {} },
    { type: "run.completed", payload: { outputs: {} } },
  );
  foldStepViews(views, {
    ...toEnvelope(RUN, { type: "run.started", payload: {}, sequence: 1, at: 0 }),
    payload: { step_id: "a" },
  });
  expect(views.size).toBe(0);
});

test("a view that a screen holds is not changed by later events", () => {
  const event: NewEvent = { type: "step.completed", payload: { step_id: "a" } };
  const first = started();
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(first, event, started(2)), { minLength: 1, maxLength: 8 }),
      (events) => {
        const views = new Map<string, StepView>();
        for (const [index, item] of events.entries()) {
          const before = views.get("a");
          const copy = structuredClone(before);
          foldStepViews(
            views,
            toEnvelope(RUN, { ...structuredClone(item), sequence: index + 1, at: index * 1000 }),
          );
          expect(before).toEqual(copy);
        }
      },
    ),
  );
});
