import { decide } from "./decide.ts";
import type { Decision } from "./decision.ts";
import { DomainError, toErrorRecord } from "./errors.ts";
import { evolve } from "./evolve.ts";
import { jsonEquals, type JsonObject } from "./json.ts";
import { leaveReplay } from "./leave-replay.ts";
import { decideByLedger, type LedgerRecord } from "./ledger-decision.ts";
import { assertUsable } from "./loop-results.ts";
import { chosenPolicy } from "./override-options.ts";
import { decisionBy, doubtWords, gatedBy, reasonToRun } from "./plan-reasons.ts";
import { PlanRows, type ReplayPlanRow } from "./plan-rows.ts";
import type { ExpectedCall, PlanSources } from "./plan-sources.ts";
import { PolicyDenied } from "./policy-denial.ts";
import { reusableResult } from "./recorded-results.ts";
import { approvalStart } from "./redrive-facts.ts";
import { replayAround } from "./replay-changes.ts";
import { replayPolicyOf } from "./replay-policy.ts";
import { mayRetry } from "./retry.ts";
import type { NewEvent } from "./run-events.ts";
import { isTerminal } from "./run.ts";
import { parseSkillUse } from "./skill.ts";
import { isStepEnded, occurrenceKey } from "./step.ts";

/** A nested run is started without asking anybody; its own calls are judged there. */
const NESTED_RUN: ExpectedCall = {
  asksFirst: false,
  gates: [],
  replayPolicy: "use_recorded_result",
};

type Call = Extract<Decision, { kind: "call" }>;

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
  readonly #rows: PlanRows;

  constructor(sources: PlanSources) {
    this.#sources = sources;
    this.#rows = new PlanRows(sources);
    for (const [key, { status }] of sources.state.steps) {
      const step = sources.plan.steps[sources.plan.stepIndex.get(key) ?? -1];
      if (step !== undefined && isStepEnded(status))
        this.#rows.add(
          { ref: { step_id: key }, step },
          "reuse",
          "it has ended and is not run again",
        );
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
      if (this.#rows.has(step.id)) continue;
      if (isOver) {
        const reason = "the run ends before it, unless it begins at the same time";
        this.#rows.add({ ref: { step_id: step.id }, step }, "skip", reason, { isCertain: false });
        continue;
      }
      const ref = { step_id: step.id };
      const reason = `it follows ${this.#rows.taint.of(step) ?? this.#rows.taint.first ?? "an earlier step"}, whose result is not known yet`;
      const effect = this.#sources.findEffect({ ...ref, uses: step.uses });
      if (effect === null)
        this.#rows.add({ ref, step }, decisionBy(step), reason, { isCertain: false });
      else
        this.#rows.add(
          { ref, step },
          "blocked",
          `${reason}; with another request than recorded it is blocked`,
          {
            effectId: effect.effectId,
            isCertain: false,
          },
        );
    }
    return this.#rows.all;
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
      this.#rows.add(
        decision,
        "reuse",
        this.#rows.ifSame(decision, "its recorded result is taken"),
        about,
      );
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
        this.#rows.add(decision, what, gated.reason(reason), { ...gated.about, ...about });
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
    if (verdict !== "reuse" || call.gates.length > 0) this.#rows.taint.add(step, ref);
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
      this.#rows.add(decision, "ask", "people are asked again");
      this.#rows.taint.add(step, ref);
    } else
      this.#rows.add(
        decision,
        "reuse",
        this.#rows.ifSame(decision, "what people had decided is taken"),
      );
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
      this.#rows.add(call, decision, gated.reason(reason), { ...about, ...more });
    switch (verdict.kind) {
      case "execute":
      case "reexecute":
        return "call";
      case "reuse":
        add("reuse", this.#rows.ifSame(call, "its effect is in the ledger and is not repeated"));
        return "reuse";
      case "in_doubt":
        add("ask", doubtWords(effect), { isCertain: false });
        return "stop";
      default:
        add(verdict.kind, this.#rows.ifStays(call, verdict.reason));
        return "stop";
    }
  }

  /** A call that does not go out: policy forbids it, or it cannot be made. Its step fails, as it will. */
  #refused({ ref, step, attempt }: Call, error: DomainError): void {
    const failure = error.toRecord();
    const isForbidden = error instanceof PolicyDenied;
    const reason = isForbidden
      ? this.#rows.ifStays({ ref, step }, `policy forbids it: ${error.finding.reason}`)
      : `it fails: ${failure.message}`;
    this.#rows.add({ ref, step }, isForbidden ? "blocked" : "run", reason);
    const isTainted = this.#rows.taint.of(step, ref) !== null;
    const mayGoOn = step.retry !== null && mayRetry(step.retry, attempt, failure);
    if (isTainted || mayGoOn) this.#rows.taint.add(step, ref);
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
      return this.#rows.ifStays(call, "its replay policy has it made again, as a new effect");
    return reasonToRun(call, expected.get(key) ?? null, recorded);
  }

  /** A wait that was over is over; another one ends what can be planned. */
  #recordDecided(events: readonly NewEvent[]): void {
    const { plan, state, recorded, expected } = this.#sources;
    for (const { type, payload } of events) {
      if (type !== "step.skipped" && type !== "step.failed" && type !== "step.started") continue;
      const step = plan.steps[plan.stepIndex.get(payload.step_id) ?? -1];
      if (step === undefined) continue;
      if (type === "step.skipped") this.#rows.add({ ref: payload, step }, "skip", payload.reason);
      if (type === "step.failed") {
        const reason = `it fails: ${payload.error.message}`;
        this.#rows.add({ ref: payload, step }, "run", reason, { isCertain: false });
        this.#rows.taint.add(step, payload);
      }
      if (type !== "step.started" || payload.loop === undefined) continue;
      this.#rows.leaveToOccurrences(payload.step_id);
      this.#rows.taint.of(step);
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
    if (reused !== null)
      this.#rows.add(about, "reuse", this.#rows.ifSame(about, "its wait was over"));
    else {
      this.#rows.add(about, "wait", "it waits again");
      this.#rows.taint.add(step, { step_id });
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
}
