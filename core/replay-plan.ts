import type { ReplayPolicy } from "./capability.ts";
import { decide } from "./decide.ts";
import type { Decision } from "./decision.ts";
import { toErrorRecord } from "./errors.ts";
import { evolve } from "./evolve.ts";
import { jsonEquals, type JsonObject } from "./json.ts";
import { decideByLedger, type LedgerRecord } from "./ledger-decision.ts";
import { assertUsable } from "./loop-results.ts";
import { replayPolicyOf } from "./replay-policy.ts";
import { reusableResult, type RecordedResult, type RecordedResults } from "./recorded-results.ts";
import type { NewEvent, StepRef } from "./run-events.ts";
import type { Plan } from "./run-plan.ts";
import type { RunState } from "./run-state.ts";
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
  /** True for calls before which people are asked. */
  asksFirst: (uses: string) => boolean;
  /** True for steps and occurrences of which some effect was undone. */
  isUndone: (key: string) => boolean;
  /** What a capability says of its recorded effects; asked for those that `findEffect` finds. */
  declaredPolicyOf: (uses: string) => ReplayPolicy;
  /** True where the very run that is planned has made the record: only where it is resumed. */
  isOwnRecord: (effect: LedgerRecord) => boolean;
  /** What the lineage's ledger holds for a call that acts; null for calls that do not act, and where it holds nothing. */
  findEffect: (call: StepRef & { uses: string }) => LedgerRecord | null;
  hashRequest: (input: JsonObject) => string;
  /** Milliseconds since 1970. */
  now: number;
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
  readonly #rows: ReplayPlanRow[] = [];
  readonly #planned = new Set<string>();
  /** The first step whose result may differ from the recorded one. */
  #firstUncertain: string | null = null;

  constructor(sources: PlanSources) {
    this.#sources = sources;
    for (const [key, { status }] of sources.state.steps) {
      if (isStepEnded(status) && !key.includes("#"))
        this.#add({ step_id: key }, "reuse", "it has ended and is not run again");
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
    if (isTerminal(state.status) && state.status !== "completed") return this.#rows;
    for (const step of plan.steps) {
      if (this.#planned.has(step.id)) continue;
      const ref = { step_id: step.id };
      const reason = `it follows ${this.#firstUncertain ?? "an earlier step"}, whose result is not known yet`;
      const effect = this.#sources.findEffect({ ...ref, uses: step.uses });
      if (effect === null) this.#add(ref, "run", reason, { isCertain: false });
      else
        this.#add(ref, "blocked", `${reason}; with another request than recorded it is blocked`, {
          effectId: effect.effectId,
          isCertain: false,
        });
    }
    return this.#rows;
  }

  #call(decision: Call): void {
    const { ref, step, input, uses } = decision;
    const key = occurrenceKey(ref.step_id, ref.occurrence);
    const own = uses === step.uses ? null : uses;
    const { recorded, expected } = this.#sources;
    this.#record([{ type: "step.started", payload: { ...ref, attempt: decision.attempt, input } }]);
    const reused = recorded === null ? null : reusableResult(recorded, key, { uses: own, input });
    if (reused !== null) {
      const about = reused.effectId === null ? {} : { effectId: reused.effectId };
      this.#add(ref, "reuse", this.#ifSame("its recorded result is taken"), {
        ...about,
        isCertain: this.#firstUncertain === null,
      });
      this.#complete(decision, reused.output);
      return;
    }
    const effect = this.#sources.findEffect({ ...ref, uses });
    const isSame = effect !== null && this.#decideEffect(decision, effect);
    if (effect === null && this.#sources.asksFirst(uses)) {
      this.#add(ref, "ask", "people are asked before it is called");
      this.#firstUncertain ??= key;
    } else if (effect === null) {
      const isUndone = this.#sources.isUndone(key);
      const why = reasonToRun(decision, expected.get(key) ?? null, recorded);
      this.#add(ref, "run", isUndone ? "what it did was undone, and is done again" : why, {
        duration: true,
      });
      this.#firstUncertain ??= key;
    }
    // With another input it would bring something else, which nobody knows.
    const known = expected.get(key);
    if (known !== undefined && (isSame || jsonEquals(known.input, input)))
      this.#complete(decision, known.output);
  }

  /** People are asked again, unless what they said lies before the chosen point. */
  #ask(decision: Extract<Decision, { kind: "ask" }>): void {
    const { ref, step, input } = decision;
    const { recorded, expected } = this.#sources;
    this.#record([approvalStart(decision)]);
    const reused =
      recorded === null ? null : reusableResult(recorded, ref.step_id, { uses: null, input });
    if (reused === null) {
      this.#add(ref, "ask", "people are asked again");
      this.#firstUncertain ??= ref.step_id;
    } else this.#add(ref, "reuse", "what people had decided is taken");
    const output = (reused ?? expected.get(ref.step_id))?.output;
    if (output !== undefined) this.#complete({ ref, step, attempt: 1 }, output);
  }

  /** True where the recorded effect stands for the call; otherwise nobody knows what the step brings. */
  #decideEffect({ ref, input, uses }: Call, effect: LedgerRecord): boolean {
    const { hashRequest, declaredPolicyOf, isOwnRecord } = this.#sources;
    const policy = replayPolicyOf({
      ref,
      declared: declaredPolicyOf(uses),
      isOwnRecord: isOwnRecord(effect),
    });
    const verdict = decideByLedger(effect, hashRequest(input), policy);
    const about = { effectId: effect.effectId, isCertain: this.#firstUncertain === null };
    switch (verdict.kind) {
      case "execute":
        return false;
      case "reuse": {
        const reason = this.#ifSame("its effect is in the ledger and is not repeated");
        this.#add(ref, "reuse", reason, about);
        return true;
      }
      case "reexecute":
        this.#add(ref, "run", this.#ifStays(verdict.reason), { ...about, duration: true });
        break;
      case "in_doubt":
        this.#add(ref, "ask", "nobody knows whether its effect happened", about);
        break;
      default:
        this.#add(ref, verdict.kind, this.#ifStays(verdict.reason), about);
    }
    this.#firstUncertain ??= occurrenceKey(ref.step_id, ref.occurrence);
    return false;
  }

  /** A wait that was over is over; another one ends what can be planned. */
  #recordDecided(events: readonly NewEvent[]): void {
    for (const { type, payload } of events) {
      if (type === "step.skipped") this.#add(payload, "skip", payload.reason);
      if (type === "step.failed")
        this.#add(payload, "run", `it fails: ${payload.error.message}`, { isCertain: false });
      if (type === "step.started" && payload.loop !== undefined) this.#planned.add(payload.step_id);
    }
    const wait = events.find(
      (event) => event.type === "step.started" && event.payload.wait !== undefined,
    );
    this.#record(events);
    if (wait?.type !== "step.started") return;
    const { step_id, input = {} } = wait.payload;
    const { recorded, expected } = this.#sources;
    const reused =
      recorded === null ? null : reusableResult(recorded, step_id, { uses: null, input });
    if (reused !== null) this.#add({ step_id }, "reuse", "its wait was over");
    else {
      this.#add({ step_id }, "wait", "it waits again");
      this.#firstUncertain ??= step_id;
    }
    const output = (reused ?? expected.get(step_id))?.output;
    if (output !== undefined)
      this.#record([{ type: "step.completed", payload: { step_id, output } }]);
  }

  #complete(
    { ref, step, attempt }: Pick<Call, "ref" | "step" | "attempt">,
    output: JsonObject,
  ): void {
    try {
      assertUsable(step, this.#sources.state, ref.occurrence, output);
      this.#record([{ type: "step.completed", payload: { ...ref, output } }]);
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

  #ifSame(what: string): string {
    return this.#firstUncertain === null
      ? what
      : `${what}, if ${this.#firstUncertain} brings the same again`;
  }

  #ifStays(what: string): string {
    return this.#firstUncertain === null
      ? what
      : `${what}, as long as ${this.#firstUncertain} brings the same again`;
  }

  #add(
    ref: StepRef,
    decision: ReplayPlanRow["decision"],
    reason: string,
    about: { effectId?: string; isCertain?: boolean; duration?: boolean } = {},
  ): void {
    const key = occurrenceKey(ref.step_id, ref.occurrence);
    if (this.#planned.has(key)) return;
    this.#planned.add(key);
    this.#planned.add(ref.step_id);
    this.#rows.push({
      step_id: ref.step_id,
      occurrence: ref.occurrence ?? null,
      decision,
      is_certain: about.isCertain ?? true,
      reason,
      effect_id: about.effectId ?? null,
      estimated_ms: about.duration === true ? (this.#sources.durationsMs.get(key) ?? null) : null,
    });
  }
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
