import fc from "fast-check";
import { expect, test } from "vitest";
import { decide } from "./decide.ts";
import { undoRef, type UndoItem } from "./compensation.ts";
import type { ErrorRecord } from "./errors.ts";
import { evolve } from "./evolve.ts";
import { approvalIdOf } from "./ids.ts";
import { jsonEquals } from "./json.ts";
import type { NewEvent, StepRef } from "./run-events.ts";
import { compileSkill } from "./run-plan.ts";
import { emptyRunState, restoreState, snapshotState, type RunState } from "./run-state.ts";
import { isTerminal } from "./run.ts";
import { SkillSchema } from "./skill.ts";
import { occurrenceKey } from "./step.ts";

const STEPS = ["a", "b", "c"];
const plan = compileSkill(
  SkillSchema.parse({
    id: "test.undo",
    version: "1.0.0",
    name: "Undo",
    description: "Undo",
    steps: STEPS.map((id) => ({ id, uses: "x.y.do" })),
    config: { compensation: { retry: { max_attempts: 2, backoff_seconds: 1 } } },
  }),
  "hash",
);
const ITEMS: UndoItem[] = STEPS.toReversed().map((id) => ({
  step_id: id,
  effect_id: `eff_${id}`,
  capability_id: "x.y.do",
  uses: "x.y.undo",
  input: { id },
  is_certain: true,
}));

/** A run that has done its three steps and begins to undo them. */
function undoing(strategy: "backward" | "parallel"): RunState {
  const state = emptyRunState(plan, { tenantId: "t", runId: "run_1", traceId: "" });
  const end = { status: "canceled" as const, reason: "enough" };
  const events: NewEvent[] = [
    { type: "run.started", payload: {} },
    ...STEPS.flatMap((id): NewEvent[] => [
      { type: "step.started", payload: { step_id: id, attempt: 1 } },
      { type: "step.completed", payload: { step_id: id, output: {} } },
    ]),
    { type: "run.compensating", payload: { strategy, undo: ITEMS, left: [], end }, actor: "ada" },
  ];
  for (const event of events) fold(state, event);
  return state;
}

function fold(state: RunState, event: NewEvent, at = 0): void {
  evolve(plan, state, { ...event, sequence: state.sequence + 1, at });
}

const NO: ErrorRecord = { code: "upstream_failure", message: "no" };

/** What comes of each undoing in turn: it works, fails for now or for good, was never there, and what people say. */
type Turn = "done" | "retry" | "failed" | "absent" | "approve" | "deny";

/** Drives the run to its end; answers the undoings as they were called, in order. */
function drive(
  state: RunState,
  turns: Iterator<Turn>,
  takenOver: (state: RunState) => RunState,
): { state: RunState; called: string[]; undone: string[] } {
  const called: string[] = [];
  const undone: string[] = [];
  const open: StepRef[] = [];
  let now = 0;
  const next = (): Turn => turns.next().value ?? "done";
  for (let count = 0; count < 500 && !isTerminal(state.status); count += 1) {
    const decision = decide(plan, state, { now, stop: null });
    const again = decide(plan, takenOver(state), { now, stop: null });
    expect(jsonEquals(describe(decision), describe(again))).toBe(true);
    state = takenOver(state);
    if (decision?.kind === "record") {
      for (const event of decision.events) {
        if (event.type === "step.compensated") undone.push(event.payload.effect_id);
        fold(state, event, now);
      }
    } else if (decision?.kind === "call") {
      const { ref, uses, input, attempt } = decision;
      fold(state, { type: "step.started", payload: { ...ref, uses, input, attempt } }, now);
      called.push(ref.step_id);
      open.push(ref);
    } else if (decision?.kind === "ask") {
      const { ref, request } = decision;
      const id = approvalIdOf("run_1", state.sequence + 1);
      const asked = { ...ref, ...request, step_path: "", approval_id: id, payload_hash: "h" };
      fold(state, { type: "approval.requested", payload: asked }, now);
    } else {
      const ref = open.shift();
      if (ref !== undefined) fold(state, outcomeOf(state, ref, next()), now);
      else if (!answer(state, next(), now)) now += 60_000;
    }
  }
  return { state, called, undone };
}

function describe(decision: ReturnType<typeof decide>) {
  if (decision === null) return null;
  if (decision.kind === "record" || decision.kind === "compensate")
    return JSON.parse(JSON.stringify(decision));
  const { kind, ref, input } = decision;
  return { kind, ref, input };
}

function outcomeOf(state: RunState, ref: StepRef, turn: Turn): NewEvent {
  const attempt = state.steps.get(occurrenceKey(ref.step_id, ref.occurrence))?.attempt ?? 1;
  if (turn === "retry")
    return {
      type: "step.retry_scheduled",
      payload: { ...ref, attempt, error: NO, due_at: new Date(60_000).toISOString() },
    };
  if (turn === "failed" || turn === "deny")
    return { type: "step.failed", payload: { ...ref, attempt, error: NO } };
  if (turn === "absent")
    return {
      type: "step.failed",
      payload: { ...ref, attempt, error: { code: "not_found", message: "what?" } },
    };
  return { type: "step.completed", payload: { ...ref, output: {} } };
}

/** False where nobody is asked. */
function answer(state: RunState, turn: Turn, at: number): boolean {
  for (const key of state.frontier.waiting) {
    const approval = state.steps.get(key)?.approval;
    if (approval?.status !== "pending") continue;
    const [stepId = "", occurrence = ""] = key.split("#");
    const isDenied = turn === "deny" || turn === "failed";
    const payload = {
      step_id: stepId,
      occurrence,
      approval_id: approval.approval_id,
      approver: "bob",
      name: "Bob",
      decision: isDenied ? ("deny" as const) : ("approve" as const),
      status: isDenied ? ("denied" as const) : ("approved" as const),
      payload_hash: "h",
    };
    fold(state, { type: "approval.decided", payload }, at);
    return true;
  }
  return false;
}

const restored = (state: RunState) => restoreState(plan, snapshotState(state, []));
const TURNS: Turn[] = ["done", "retry", "failed", "absent", "approve", "deny"];

test("whatever comes of it and whoever takes it over, each effect is undone once or left, and the run ends", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("backward" as const, "parallel" as const),
      fc.array(fc.constantFrom(...TURNS), { maxLength: 40 }),
      (strategy, turns) => {
        const { state, undone } = drive(undoing(strategy), turns.values(), restored);
        expect(state.status).toBe("canceled");
        expect(new Set(undone).size).toBe(undone.length);
        const left = ITEMS.filter(
          (item, index) =>
            state.steps.get(occurrenceKey(item.step_id, undoRef(item, index).occurrence))
              ?.status === "canceled",
        ).map(({ effect_id: id }) => id);
        expect([...undone, ...left].toSorted()).toEqual(["eff_a", "eff_b", "eff_c"]);
        for (const { step_id: id, effect_id: effect } of ITEMS)
          expect(state.steps.get(id)?.status).toBe(
            undone.includes(effect) ? "compensated" : "completed",
          );
      },
    ),
  );
});

test("backward, nothing is undone before what came after it is undone or left", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...TURNS), { maxLength: 40 }), (turns) => {
      const { called } = drive(undoing("backward"), turns.values(), (state) => state);
      expect(called.filter((id, index) => called.indexOf(id) === index)).toEqual(["c", "b", "a"]);
      expect(called).toEqual(called.toSorted().toReversed());
    }),
  );
});

test("in parallel, all are called before any has come to its end", () => {
  const state = undoing("parallel");
  for (const id of ["c", "b", "a"]) {
    const decision = decide(plan, state, { now: 0, stop: null });
    expect(decision).toMatchObject({ kind: "call", ref: { step_id: id } });
    if (decision?.kind !== "call") return;
    fold(state, { type: "step.started", payload: { ...decision.ref, attempt: 1 } });
  }
  expect(decide(plan, state, { now: 0, stop: null })).toBeNull();
});

test("people are told which effect could not be undone and why", () => {
  const state = undoing("backward");
  const ref = { step_id: "c", occurrence: "undo:1" };
  fold(state, { type: "step.started", payload: { ...ref, attempt: 1 } });
  fold(state, { type: "step.failed", payload: { ...ref, attempt: 1, error: NO } });
  expect(decide(plan, state, { now: 0, stop: null })).toMatchObject({
    kind: "ask",
    request: {
      kind: "confirmation",
      risk: "high",
      payload: { id: "c" },
      reason:
        "x.y.do of step c could not be undone (eff_c): no. Approve to try again; deny to leave it as it is.",
    },
  });
});
