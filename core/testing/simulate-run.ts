import { decide } from "../decide.ts";
import type { Decision, Stop } from "../decision.ts";
import { evolve } from "../evolve.ts";
import type { JsonObject } from "../json.ts";
import { assertUsable } from "../loop-results.ts";
import { mayRetry, retryDelayMs } from "../retry.ts";
import type { NewEvent, RunEvent } from "../run-events.ts";
import type { Plan } from "../run-plan.ts";
import { emptyRunState, restoreState, snapshotState, type RunState } from "../run-state.ts";
import { isTerminal } from "../run.ts";
import { toErrorRecord } from "../errors.ts";

export type Call = Extract<Decision, { kind: "call" }>;

/** Chooses what happens: which of the open calls answers next, with what; and whether the run is stopped now. */
export type World = {
  pick: (open: readonly Call[]) => number;
  answer: (
    call: Call,
  ) => { output: JsonObject } | { error: { code: "upstream_failure"; message: string } };
  stop?: (events: number) => Stop | null;
  /** True where another process takes the run over now, from a snapshot. */
  isTakenOver?: (events: number) => boolean;
  /** Called after each event with the state it led to. */
  watch?: (state: RunState, event: RunEvent) => void;
};

export type Simulated = { state: RunState; events: RunEvent[] };

/**
 * Drives a run without a database: the same `decide` and `evolve` as the executor's, on a clock that jumps to the next
 * due time when nothing else can happen. Ends when the run ends, or when only a signal could move it.
 */
export function simulateRun(plan: Plan, inputs: JsonObject, world: World): Simulated {
  let state = emptyRunState(plan, { tenantId: "tnt_1", runId: "run_1", traceId: "t" });
  const events: RunEvent[] = [];
  const open: Call[] = [];
  let now = 1_000_000;
  let stop: Stop | null = null;
  const record = (added: readonly NewEvent[]) => {
    for (const event of added) {
      const full: RunEvent = { ...event, sequence: state.sequence + 1, at: now };
      evolve(plan, state, full);
      events.push(full);
      world.watch?.(state, full);
    }
  };
  record([
    {
      type: "run.created",
      payload: {
        skill_id: plan.skillId,
        skill_version: plan.skillVersion,
        skill_hash: plan.skillHash,
        environment: "dev",
        inputs,
        attributes: {},
        options: {},
        lineage_root_run_id: "run_1",
      },
    },
  ]);
  for (let turns = 0; turns < 100_000 && !isTerminal(state.status); turns += 1) {
    if (world.isTakenOver?.(events.length) === true) {
      state = restoreState(plan, snapshotState(state, []));
    }
    stop ??= world.stop?.(events.length) ?? null;
    const isEnding = stop !== null || (state.failure !== null && plan.failFast);
    if (isEnding) {
      for (const call of open.splice(0))
        record([{ type: "step.canceled", payload: { ...call.ref, reason: "stopped" } }]);
    }
    const decision = decide(plan, state, { now, stop });
    if (decision?.kind === "record") record(decision.events);
    else if (decision?.kind === "call") {
      const { step, ref, uses, attempt, input } = decision;
      const chosen = uses === step.uses ? {} : { uses };
      record([{ type: "step.started", payload: { ...ref, attempt, input, ...chosen } }]);
      open.push(decision);
    } else if (open.length > 0) {
      const [call] = open.splice(world.pick(open), 1);
      if (call !== undefined) record([outcomeOf(state, call, world, now)]);
    } else {
      const due = nextDue(state);
      if (due === null) break;
      now = Math.max(now + 1, due);
    }
  }
  return { state, events };
}

function outcomeOf(state: RunState, call: Call, world: World, now: number): NewEvent {
  const { step, ref, attempt } = call;
  const answer = world.answer(call);
  if ("output" in answer) {
    try {
      assertUsable(step, state, ref.occurrence, answer.output);
      return { type: "step.completed", payload: { ...ref, output: answer.output } };
    } catch (error) {
      return { type: "step.failed", payload: { ...ref, attempt, error: toErrorRecord(error) } };
    }
  }
  if (step.retry === null || !mayRetry(step.retry, attempt, answer.error)) {
    return { type: "step.failed", payload: { ...ref, attempt, error: answer.error } };
  }
  const dueAt = new Date(now + retryDelayMs(step.retry, attempt, 0.5)).toISOString();
  return {
    type: "step.retry_scheduled",
    payload: { ...ref, attempt, error: answer.error, due_at: dueAt },
  };
}

function nextDue(state: RunState): number | null {
  const times = [...state.frontier.retrying, ...state.frontier.waiting].flatMap((key) => {
    const step = state.steps.get(key);
    return [step?.dueAt, step?.wait?.until].filter((time) => typeof time === "number");
  });
  return times.length === 0 ? null : Math.min(...times);
}
