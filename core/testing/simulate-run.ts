import { isApproved, type Approval, type Verdict } from "../approval.ts";
import { confirmationRequest, type ApprovalRequest } from "../approval-request.ts";
import { decide } from "../decide.ts";
import { decideApproval } from "../decide-approval.ts";
import { refOfKey, type Decision, type Stop } from "../decision.ts";
import { evolve } from "../evolve.ts";
import { approvalAt } from "../fold-approval.ts";
import { approvalIdOf } from "../ids.ts";
import { toCanonicalJson, type JsonObject } from "../json.ts";
import { approvalStart } from "../redrive-facts.ts";
import { assertUsable } from "../loop-results.ts";
import { mayRetry, retryDelayMs } from "../retry.ts";
import type { NewEvent, RunEvent, StepRef } from "../run-events.ts";
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
  /** Capabilities that are called only once a person has confirmed. */
  confirmed?: ReadonlySet<string>;
  /** What a person answers to an approval that waits; null where nobody answers. Absent: everybody approves. */
  verdict?: (approval: Approval) => Verdict | null;
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
    if (decision?.kind === "record" || decision?.kind === "compensate") record(decision.events);
    else if (decision?.kind === "ask") {
      record([approvalStart(decision)]);
      record([asked(state, decision.ref, decision.request)]);
    } else if (decision?.kind === "call" && isToBeConfirmed(state, decision, world)) {
      const { step, ref, uses, input } = decision;
      const request = confirmationRequest(input, QUESTION, now);
      record([asked(state, ref, request, uses === step.uses ? undefined : uses)]);
    } else if (decision?.kind === "call") {
      const { step, ref, uses, attempt, input } = decision;
      const chosen = uses === step.uses ? {} : { uses };
      record([{ type: "step.started", payload: { ...ref, attempt, input, ...chosen } }]);
      open.push(decision);
    } else if (open.length > 0) {
      const [call] = open.splice(world.pick(open), 1);
      if (call !== undefined) record([outcomeOf(state, call, world, now)]);
    } else {
      const fact = answerOf(state, world);
      if (fact !== null) {
        record([fact]);
        continue;
      }
      const due = nextDue(state);
      if (due === null) break;
      now = Math.max(now + 1, due);
    }
  }
  return { state, events };
}

const QUESTION = {
  risk: "high",
  reason: "May it?",
  timeoutMs: 86_400_000,
  on_expiry: "deny",
} as const;

function isToBeConfirmed(state: RunState, { uses, ref, input }: Call, world: World): boolean {
  return (
    world.confirmed?.has(uses) === true &&
    !isApproved(approvalAt(state, ref), toCanonicalJson(input))
  );
}

function asked(state: RunState, ref: StepRef, request: ApprovalRequest, uses?: string): NewEvent {
  return {
    type: "approval.requested",
    payload: {
      ...ref,
      ...request,
      ...(uses === undefined ? {} : { uses }),
      step_path: ref.step_id,
      approval_id: approvalIdOf(state.runId, state.sequence + 1),
      payload_hash: toCanonicalJson(request.payload),
    },
  };
}

const PERSON = { actor: "user:ada", name: "Ada", ids: [], roles: ["approver"], groups: [] };

function answerOf(state: RunState, world: World): NewEvent | null {
  for (const key of state.frontier.waiting) {
    const approval = state.steps.get(key)?.approval;
    if (approval?.status !== "pending") continue;
    const decision = world.verdict === undefined ? "approve" : world.verdict(approval);
    if (decision === null) continue;
    const answer = { decision, comment: "so it is", payload_hash: approval.payload_hash };
    const rules = { hash: toCanonicalJson, assertUsable: () => {} };
    const fact = decideApproval(approval, PERSON, answer, rules);
    return {
      type: "approval.decided",
      payload: { ...refOfKey(key), ...fact },
      actor: PERSON.actor,
    };
  }
  return null;
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
