import { decide } from "./decide.ts";
import type { Decision } from "./decision.ts";
import { DomainError, toErrorRecord } from "./errors.ts";
import { evolve } from "./evolve.ts";
import { jsonEquals, type JsonObject } from "./json.ts";
import { decideByLedger, type LedgerRecord } from "./ledger-decision.ts";
import { assertUsable } from "./loop-results.ts";
import { leaveReplay } from "./leave-replay.ts";
import { chosenPolicy, type OverrideOption } from "./override-options.ts";
import { PlanTaint } from "./plan-taint.ts";
import { PolicyDenied } from "./policy-denial.ts";
import { replayAround } from "./replay-changes.ts";
import { replayPolicyOf } from "./replay-policy.ts";
import { reusableResult, type RecordedResult, type RecordedResults } from "./recorded-results.ts";
import type { NewEvent, StepRef } from "./run-events.ts";
import type { ReplayPolicy } from "./capability.ts";
import type { Plan, PlanStep } from "./run-plan.ts";
import type { RunState } from "./run-state.ts";
import { mayRetry } from "./retry.ts";
import { approvalStart } from "./redrive-facts.ts";
import { isTerminal } from "./run.ts";
import { parseSkillUse } from "./skill.ts";
import { isStepEnded, occurrenceKey } from "./step.ts";

/** What is planned for one step, or one occurrence of it. */
export type ReplayPlanRow = {
  step_id: string;
  occurrence: string | null;
  /** `reuse` takes a recorded result or effect, `ask` and `blocked` stop before an effect. */
  decision: "reuse" | "run" | "wait" | "skip" | "ask" | "blocked";
  /** False where the decision depends on a result that will only be known then; `reason` says how. */
  is_certain: boolean;
  reason: string;
  /** The recorded effect that it is about. */
  effect_id: string | null;
  /** What was chosen for the step in place of what its policy says; null where nothing was. */
  override: ReplayPolicy | null;
  /** What may be chosen for the step, and in which role. */
  may_become: OverrideOption[];
  /** How long it took when it was recorded; null where it never was, or costs no time. */
  estimated_ms: number | null;
};

/** What a plan must know of the world. */
export type PlanSources = {
  plan: Plan;
  /** The run as it begins to replay or is resumed; owned by the planner from now on. */
  state: RunState;
  /** What is reused. Null where a run is resumed: its own state holds it. */
  recorded: RecordedResults | null;
  /** All results of the source, also those that are not reused: what to expect of steps that run again. */
  expected: ReadonlyMap<string, RecordedResult>;
  durationsMs: ReadonlyMap<string, number>;
  /** What may be chosen for a step in place of what its policy says. */
  optionsOf: (step: PlanStep) => OverrideOption[];
  /** What is known of a call before it is made, or the refusal with which its step fails. Not asked for nested runs. */
  prepare: (uses: string, input: JsonObject) => ExpectedCall | DomainError;
  /** True where the very run that is planned has made the record: only where it is resumed. */
  isOwnRecord: (effect: LedgerRecord) => boolean;
  /** True for steps and occurrences of which some effect was undone. */
  isUndone: (key: string) => boolean;
  /** What the lineage's ledger holds for a call that acts; null for calls that do not act, and where it holds nothing. */
  findEffect: (call: StepRef & { uses: string }) => LedgerRecord | null;
  hashRequest: (input: JsonObject) => string;
  /** Milliseconds since 1970. */
  now: number;
};

/** A call that may go out, as far as a plan depends on it. */
export type ExpectedCall = {
  /** Before it people are asked. */
  asksFirst: boolean;
  /** The gates around it: nobody knows before what they say. */
  gates: readonly string[];
  /** What its capability says of recorded effects. */
  replayPolicy: ReplayPolicy;
};

/** A nested run is started without asking anybody; its own calls are judged there. */
const NESTED_RUN: ExpectedCall = {
  asksFirst: false,
  gates: [],
  replayPolicy: "use_recorded_result",
};

type Call = Extract<Decision, { kind: "call" }>;
type Place = { ref: StepRef; step: PlanStep };

/**
 * What a replay, fork or resume would do, found by driving the run with the executor's own decisions: results that
 * are reused are taken, those of steps that run again are expected to be as they were recorded, and what depends on
 * a step that was never recorded is not followed further. Pure; ends because every step ends at most once.
 */
export function planReplay(sources: PlanSources): ReplayPlanRow[] {
  const planner = new Planner(sources);
  planner.drive();
  return planner.rows();
}

class Planner {
  readonly #sources: PlanSources;
  readonly #rows: ReplayPlanRow[] = [];
  readonly #planned = new Set<string>();
  /** Which steps bring what nobody knows yet, and what depends on them. */
  readonly #taint: PlanTaint;

  constructor(sources: PlanSources) {
    this.#sources = sources;
    this.#taint = new PlanTaint();
    for (const [key, { status }] of sources.state.steps) {
      const step = sources.plan.steps[sources.plan.stepIndex.get(key) ?? -1];
      if (step !== undefined && isStepEnded(status))
        this.#add({ ref: { step_id: key }, step }, "reuse", "it has ended and is not run again");
    }
  }

  drive(): void {
    const { plan, state, now } = this.#sources;
    for (;;) {
      if (isTerminal(state.status)) return;
      const decision = decide(plan, state, { now, stop: null });
      if (decision === null) return;
      if (decision.kind === "call") this.#call(decision);
      else if (decision.kind === "ask") this.#ask(decision);
      else this.#recordDecided(decision.events);
      if (state.status === "waiting_for_signal" || state.status === "waiting_for_human") return;
    }
  }

  /** The rows, with the steps that the plan does not get to at the end. */
  rows(): ReplayPlanRow[] {
    const { plan, state } = this.#sources;
    const isOver = isTerminal(state.status) && state.status !== "completed";
    for (const step of plan.steps) {
      if (this.#planned.has(step.id)) continue;
      if (isOver) {
        const reason = "the run ends before it, unless it begins at the same time";
        this.#add({ ref: { step_id: step.id }, step }, "skip", reason, { isCertain: false });
        continue;
      }
      const ref = { step_id: step.id };
      const reason = `it follows ${this.#taint.of(step) ?? this.#taint.first ?? "an earlier step"}, whose result is not known yet`;
      const effect = this.#sources.findEffect({ ...ref, uses: step.uses });
      if (effect === null) this.#add({ ref, step }, decisionBy(step), reason, { isCertain: false });
      else
        this.#add(
          { ref, step },
          "blocked",
          `${reason}; with another request than recorded it is blocked`,
          {
            effectId: effect.effectId,
            isCertain: false,
          },
        );
    }
    return this.#rows;
  }

  #call(decision: Call): void {
    const { ref, step, input, uses } = decision;
    const key = occurrenceKey(ref.step_id, ref.occurrence);
    const own = uses === step.uses ? null : uses;
    const { recorded, expected, prepare, state } = this.#sources;
    const reused =
      recorded === null
        ? null
        : reusableResult(recorded, key, { uses: own, input }, state.overrides);
    if (reused === null && this.#leavesWithVars()) return;
    this.#record([{ type: "step.started", payload: { ...ref, attempt: decision.attempt, input } }]);
    if (reused !== null) {
      const about = reused.effectId === null ? {} : { effectId: reused.effectId };
      this.#add(decision, "reuse", this.#ifSame(decision, "its recorded result is taken"), about);
      this.#complete(decision, reused.output, true);
      return;
    }
    const isNested = parseSkillUse(uses) !== null;
    const call = isNested ? NESTED_RUN : prepare(uses, input);
    if (call instanceof DomainError) {
      this.#refused(decision, call);
      return;
    }
    const effect = this.#sources.findEffect({ ...ref, uses });
    const verdict = effect === null ? "call" : this.#decideEffect(decision, call, effect);
    if (verdict === "call") {
      const gated = gatedBy(call);
      const add = (what: "ask" | "run", reason: string, about = {}) =>
        this.#add(decision, what, gated.reason(reason), { ...gated.about, ...about });
      if (call.asksFirst) add("ask", "people are asked before it is called");
      else if (chosenPolicy(state, ref) === "require_human" && !isNested)
        add("ask", "people are asked before it is called, as was chosen");
      else
        add("run", this.#reasonToRun(decision, effect), {
          duration: true,
          ...(effect === null ? {} : { effectId: effect.effectId }),
        });
    }
    // A gate may keep even a recorded result from what follows.
    if (verdict !== "reuse" || call.gates.length > 0) this.#taint.add(step, ref);
    // With another input it would bring something else, which nobody knows.
    const known = expected.get(key);
    if (known !== undefined && (verdict === "reuse" || jsonEquals(known.input, input)))
      this.#complete(decision, known.output, false);
  }

  /** People are asked again, unless what they said lies before the chosen point. */
  #ask(decision: Extract<Decision, { kind: "ask" }>): void {
    const { ref, step, input } = decision;
    const { recorded, expected, state } = this.#sources;
    const reused =
      recorded === null
        ? null
        : reusableResult(recorded, ref.step_id, { uses: null, input }, state.overrides);
    if (reused === null && this.#leavesWithVars()) return;
    this.#record([approvalStart(decision)]);
    if (reused === null) {
      this.#add(decision, "ask", "people are asked again");
      this.#taint.add(step, ref);
    } else this.#add(decision, "reuse", this.#ifSame(decision, "what people had decided is taken"));
    const output = (reused ?? expected.get(ref.step_id))?.output;
    if (output !== undefined) this.#complete({ ref, step, attempt: 1 }, output, reused !== null);
  }

  /** Whether the recorded effect stands for the call, the call is made, or neither is settled yet. */
  #decideEffect(
    call: Call,
    expected: ExpectedCall,
    effect: LedgerRecord,
  ): "reuse" | "call" | "stop" {
    const { ref, input } = call;
    const { hashRequest, isOwnRecord, state } = this.#sources;
    const isOwn = isOwnRecord(effect);
    const policy = replayPolicyOf({
      ref,
      declared: expected.replayPolicy,
      isOwnRecord: isOwn,
      overrides: state.overrides,
    });
    const around = replayAround(state);
    const isUndoneSince =
      effect.status === "compensated" &&
      !isOwn &&
      around !== null &&
      around.undone_effects?.includes(effect.effectId) !== true;
    const verdict = decideByLedger(effect, hashRequest(input), policy, isUndoneSince);
    const gated = gatedBy(expected);
    const about = { effectId: effect.effectId, ...gated.about };
    const add = (decision: ReplayPlanRow["decision"], reason: string, more = {}) =>
      this.#add(call, decision, gated.reason(reason), { ...about, ...more });
    switch (verdict.kind) {
      case "execute":
      case "reexecute":
        return "call";
      case "reuse":
        add("reuse", this.#ifSame(call, "its effect is in the ledger and is not repeated"));
        return "reuse";
      case "in_doubt":
        add("ask", doubtWords(effect), { isCertain: false });
        return "stop";
      default:
        add(verdict.kind, this.#ifStays(call, verdict.reason));
        return "stop";
    }
  }

  /** A call that does not go out: policy forbids it, or it cannot be made. Its step fails, as it will. */
  #refused({ ref, step, attempt }: Call, error: DomainError): void {
    const failure = error.toRecord();
    const isForbidden = error instanceof PolicyDenied;
    const reason = isForbidden
      ? this.#ifStays({ ref, step }, `policy forbids it: ${error.finding.reason}`)
      : `it fails: ${failure.message}`;
    this.#add({ ref, step }, isForbidden ? "blocked" : "run", reason);
    const isTainted = this.#taint.of(step, ref) !== null;
    const mayGoOn = step.retry !== null && mayRetry(step.retry, attempt, failure);
    if (isTainted || mayGoOn) this.#taint.add(step, ref);
    if (!mayGoOn)
      this.#record([{ type: "step.failed", payload: { ...ref, attempt, error: failure } }]);
  }

  /** As the executor leaves the source; where that gives variables other values, it is decided again. */
  #leavesWithVars(): boolean {
    const { plan, state, now, recorded } = this.#sources;
    const fact = recorded === null ? null : leaveReplay(plan, state, now);
    if (fact === null) return false;
    this.#record([fact]);
    return state.replay?.changes?.vars !== undefined;
  }

  #reasonToRun(call: Call, effect: LedgerRecord | null): string {
    const { recorded, expected, state } = this.#sources;
    if (chosenPolicy(state, call.ref) === "reexecute") return "it is made again, as was chosen";
    const key = occurrenceKey(call.ref.step_id, call.ref.occurrence);
    if (effect?.status === "compensated" || this.#sources.isUndone(key))
      return "what it did was undone, and is done again";
    if (effect !== null)
      return this.#ifStays(call, "its replay policy has it made again, as a new effect");
    return reasonToRun(call, expected.get(key) ?? null, recorded);
  }

  /** A wait that was over is over; another one ends what can be planned. */
  #recordDecided(events: readonly NewEvent[]): void {
    const { plan, state, recorded, expected } = this.#sources;
    for (const { type, payload } of events) {
      if (type !== "step.skipped" && type !== "step.failed" && type !== "step.started") continue;
      const step = plan.steps[plan.stepIndex.get(payload.step_id) ?? -1];
      if (step === undefined) continue;
      if (type === "step.skipped") this.#add({ ref: payload, step }, "skip", payload.reason);
      if (type === "step.failed") {
        const reason = `it fails: ${payload.error.message}`;
        this.#add({ ref: payload, step }, "run", reason, { isCertain: false });
        this.#taint.add(step, payload);
      }
      if (type !== "step.started" || payload.loop === undefined) continue;
      this.#planned.add(payload.step_id);
      this.#taint.of(step);
    }
    const wait = events.find(
      (event) => event.type === "step.started" && event.payload.wait !== undefined,
    );
    if (wait?.type !== "step.started") {
      this.#record(events);
      return;
    }
    const { step_id, input = {} } = wait.payload;
    const step = plan.steps[plan.stepIndex.get(step_id) ?? -1];
    if (step === undefined) return;
    const reused =
      recorded === null
        ? null
        : reusableResult(recorded, step_id, { uses: null, input }, state.overrides);
    const about = { ref: { step_id }, step };
    if (reused === null && this.#leavesWithVars()) return;
    this.#record(events);
    if (reused !== null) this.#add(about, "reuse", this.#ifSame(about, "its wait was over"));
    else {
      this.#add(about, "wait", "it waits again");
      this.#taint.add(step, { step_id });
    }
    const output = (reused ?? expected.get(step_id))?.output;
    if (output !== undefined)
      this.#record([{ type: "step.completed", payload: { step_id, output } }]);
  }

  #complete(
    { ref, step, attempt }: Pick<Call, "ref" | "step" | "attempt">,
    output: JsonObject,
    isReused: boolean,
  ): void {
    const { state, recorded } = this.#sources;
    const origin = { run_id: recorded?.sourceRunId ?? "", sequence: 0 };
    const payload = { ...ref, output, ...(isReused ? { reused_from: origin } : {}) };
    try {
      assertUsable(step, state, ref.occurrence, output);
      this.#record([{ type: "step.completed", payload }]);
    } catch (error) {
      this.#record([
        { type: "step.failed", payload: { ...ref, attempt, error: toErrorRecord(error) } },
      ]);
    }
  }

  #record(events: readonly NewEvent[]): void {
    const { plan, state, now } = this.#sources;
    for (const event of events)
      evolve(plan, state, { ...event, sequence: state.sequence + 1, at: now });
  }

  #ifSame({ step, ref }: Place, what: string): string {
    const taint = this.#taint.of(step, ref);
    return taint === null ? what : `${what}, if ${taint} brings the same again`;
  }

  #ifStays({ step, ref }: Place, what: string): string {
    const taint = this.#taint.of(step, ref);
    return taint === null ? what : `${what}, as long as ${taint} brings the same again`;
  }

  #add(
    { ref, step }: Place,
    decision: ReplayPlanRow["decision"],
    reason: string,
    about: { effectId?: string; isCertain?: boolean; duration?: boolean } = {},
  ): void {
    const key = occurrenceKey(ref.step_id, ref.occurrence);
    if (this.#planned.has(key)) return;
    this.#planned.add(key);
    this.#planned.add(ref.step_id);
    const { state, durationsMs, optionsOf } = this.#sources;
    this.#rows.push({
      step_id: ref.step_id,
      occurrence: ref.occurrence ?? null,
      decision,
      is_certain: about.isCertain ?? (this.#taint.of(step, ref) === null && !isRace(step)),
      reason,
      effect_id: about.effectId ?? null,
      override: chosenPolicy(state, ref),
      may_become: optionsOf(step),
      estimated_ms: about.duration === true ? (durationsMs.get(key) ?? null) : null,
    });
  }
}

/** What gates around a call make of its row. */
function gatedBy({ gates }: ExpectedCall): {
  reason: (why: string) => string;
  about: { isCertain?: false };
} {
  if (gates.length === 0) return { reason: (why) => why, about: {} };
  const unless = `unless ${gates.join(" or ")} stops it or has people asked`;
  return { reason: (why) => `${why}, ${unless}`, about: { isCertain: false } };
}

/** Which target of a race is first is known only then. */
function isRace({ loop }: PlanStep): boolean {
  return loop?.kind === "scatter" && loop.merge === "first_success" && loop.targets.length > 1;
}

function doubtWords({ status }: LedgerRecord): string {
  return status === "attempted"
    ? "its call is under way, or nobody knows whether it happened"
    : "nobody knows whether its effect happened";
}

/** What becomes of a step that nothing is recorded of, as far as its kind says. */
function decisionBy({ kind }: PlanStep): ReplayPlanRow["decision"] {
  if (kind === "approval") return "ask";
  return kind === "signal" || kind === "timer" ? "wait" : "run";
}

function reasonToRun(
  { uses, input }: Call,
  expected: RecordedResult | null,
  recorded: RecordedResults | null,
): string {
  if (parseSkillUse(uses) !== null)
    return "its nested run starts anew; the effects of the earlier one are not repeated";
  if (recorded === null) return "it did not end well and is tried again";
  if (expected === null) return "it has no recorded result";
  return jsonEquals(expected.input, input)
    ? "it lies after the chosen point"
    : "its input is another one than recorded";
}
