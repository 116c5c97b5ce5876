import { stopByDenial } from "../../core/decide-approval-wait.ts";
import { hasWinner } from "../../core/decide-loop.ts";
import { decide, isFailFast, nextWakeAt } from "../../core/decide.ts";
import { refOfKey, type Stop } from "../../core/decision.ts";
import { toErrorRecord, type ErrorRecord } from "../../core/errors.ts";
import type { RecordedResults } from "../../core/recorded-results.ts";
import type { NewEvent } from "../../core/run-events.ts";
import { isTerminal, type RunStatus } from "../../core/run.ts";
import { parseSkillUse } from "../../core/skill.ts";
import type { FencedReason } from "../database/journal.ts";
import type { SegmentWrite } from "../database/segment-write.ts";
import { startApprovalStep } from "./approval-step.ts";
import { beginCompensation } from "./begin-compensation.ts";
import { CallsInFlight } from "./calls-in-flight.ts";
import { resumeCapabilityStep, startCapabilityStep } from "./capability-step.ts";
import { resumeChildStep, startChildStep } from "./child-step.ts";
import { MAX_TIMER_MS } from "./durations.ts";
import { applyResume, findResumeTerms } from "./resume-command.ts";
import { applyCommand } from "./run-commands.ts";
import { recordDecided, reuseResult } from "./reuse-recorded.ts";
import type { RunHistory } from "./run-history.ts";
import { recordFacts, stepOf, type RunSession } from "./run-session.ts";
import type { OpenCommand, RunWorld } from "./run-world.ts";
import { deadlineError } from "./step-errors.ts";

/** At most so many decisions are carried out before other runs get their turn. */
const DECISIONS_PER_TURN = 256;

/**
 * One active run: asks `decide` for the next thing, does it, records what came of it. Everything happens on one
 * thread and in order, so that this object is the run's mailbox.
 */
export class RunActor implements RunSession {
  readonly history: RunHistory;
  readonly world: RunWorld;
  readonly calls: CallsInFlight;
  readonly recorded: RecordedResults | null;
  readonly standing = new Map<string, boolean>();
  stop: Stop | null = null;
  cancelCommands: string[] = [];
  isHeld = false;
  isClosed = false;
  readonly #handledCommands = new Set<string>();
  /** While it is looked into on what terms the run goes on: what came since. */
  #delayed: OpenCommand[] | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isAdvancing = false;
  #durableStatus: RunStatus = "pending";
  #lastActiveAt: number;

  constructor(history: RunHistory, world: RunWorld, recorded: RecordedResults | null) {
    this.history = history;
    this.world = world;
    this.recorded = recorded;
    this.calls = new CallsInFlight((childRunId, reason) =>
      world.cancelChild(history.state.tenantId, childRunId, reason),
    );
    this.#lastActiveAt = world.now();
  }

  get runId(): string {
    return this.history.state.runId;
  }

  /** The status as far as it is durable. */
  get durableStatus(): RunStatus {
    return this.#durableStatus;
  }

  /** True while it is found out on what terms a resume goes on. */
  get isResuming(): boolean {
    return this.#delayed !== null;
  }

  /** Since when nothing but the clock, a signal or another run can move it on; null while it works. */
  get idleSince(): number | null {
    const { hasUnwritten, holdsLedgerRows } = this.history;
    const isBusy =
      this.isClosed || hasUnwritten || holdsLedgerRows || this.isResuming || this.stop !== null;
    return isBusy || !this.calls.isOnlyChildren ? null : this.#lastActiveAt;
  }

  /** When the run goes on by itself; null where only a signal, a command or another run can move it. */
  get wakeAt(): number | null {
    return nextWakeAt(this.history.state);
  }

  /** True while a call that may act on the outside world is under way. */
  get isActing(): boolean {
    for (const key of this.calls.keys()) {
      if (this.history.state.steps.get(key)?.effect?.status === "attempted") return true;
    }
    return false;
  }

  /** Carries out decisions until there is nothing to do. */
  advance(): void {
    if (this.#isAdvancing || this.isClosed || this.isHeld) return;
    this.#isAdvancing = true;
    this.#lastActiveAt = this.world.now();
    try {
      this.#decideAndDo();
    } catch (error) {
      this.#survive(error);
    } finally {
      this.#isAdvancing = false;
    }
  }

  turn(work: () => void): void {
    if (this.isClosed) return;
    try {
      work();
    } catch (error) {
      this.#survive(error);
    }
    this.advance();
  }

  /** Takes up what a dead or stopped process left under way. To be called before any command is applied. */
  takeUp(): void {
    const begun = Array.from(this.history.state.frontier.running);
    for (const key of begun) {
      const ref = refOfKey(key);
      const step = stepOf(this, ref);
      if (step === null || this.calls.has(key)) continue;
      const uses = this.history.state.steps.get(key)?.uses ?? step.uses;
      if (parseSkillUse(uses) === null) resumeCapabilityStep(this, step, ref);
      else resumeChildStep(this, step, ref);
    }
  }

  /** Applies a command once, however often it arrives; those that come while a resume is looked into, after it. */
  apply(command: OpenCommand): void {
    if (this.isClosed || this.#handledCommands.has(command.commandId)) return;
    this.#handledCommands.add(command.commandId);
    if (this.#delayed !== null) this.#delayed.push(command);
    else if (command.kind === "resume") void this.#resume(command);
    else this.#carryOut(command, () => applyCommand(this, command));
  }

  #carryOut(command: OpenCommand, work: () => void): void {
    try {
      work();
    } catch (error) {
      const refusal = toErrorRecord(error);
      // It may rest on facts that are not durable yet. Where they are lost with the lease, the next owner judges anew.
      void this.history.durable().then((isDurable) => {
        if (isDurable) this.world.refuseCommand(command.commandId, refusal);
      });
    }
    this.advance();
  }

  async #resume(command: OpenCommand): Promise<void> {
    const delayed: OpenCommand[] = [];
    this.#delayed = delayed;
    const found = await findResumeTerms(this, command).then(
      (terms) => () => terms !== null && applyResume(this, command, terms),
      (error: unknown) => () => {
        throw error;
      },
    );
    this.#delayed = null;
    // Where the run ended or the process stops meanwhile, the next owner finds the command again.
    if (this.isClosed || this.isHeld) return;
    this.#carryOut(command, found);
    for (const next of delayed) {
      this.#handledCommands.delete(next.commandId);
      this.apply(next);
    }
  }

  /** Starts nothing any more; what is under way may still end and be recorded. */
  hold(): void {
    this.isHeld = true;
    this.#disarm();
  }

  /** Lets go of the run without a trace: timers and calls under way are given up. */
  drop(): void {
    this.isClosed = true;
    this.#disarm();
    this.history.drop();
    this.calls.giveUp("this process gives the run up");
  }

  /** Called by the history when a segment is durable. */
  onWritten(write: SegmentWrite): void {
    this.#durableStatus = write.status;
    this.world.written(write);
    if (!isTerminal(write.status) || this.history.hasUnwritten) return;
    this.isClosed = true;
    this.#disarm();
    this.world.ended("terminal");
  }

  /** Called by the history when its facts cannot be written down. */
  onUnwritable(error: unknown): void {
    this.world.surprised(error);
    this.drop();
    this.world.ended("broken");
  }

  /** Brings the run to a failed end, whatever it is doing. */
  fail(error: ErrorRecord): void {
    this.stop ??= { kind: "fail", error };
  }

  /** True where nothing but nested runs can move it on: it needs no place of its own. */
  get waitsForChildren(): boolean {
    return this.calls.size > 0 && this.calls.isOnlyChildren && !this.history.hasUnwritten;
  }

  /** Called by the history when the lease or the race is lost. */
  onFenced(reason: FencedReason): void {
    this.drop();
    this.world.ended(reason);
  }

  #decideAndDo(): void {
    const { plan, state } = this.history;
    for (let count = 0; count < DECISIONS_PER_TURN; count += 1) {
      // What brought a run to its end says nothing of how it goes on, should it be resumed.
      if (this.history.isFenced || isTerminal(state.status)) return;
      if (this.history.isFull) {
        void this.history.durable().then(() => this.advance());
        return;
      }
      this.#abortWhatIsPointless();
      const decision = decide(plan, state, { now: this.world.now(), stop: this.stop });
      if (decision === null) {
        this.#arm();
        return;
      }
      if (decision.kind === "record") {
        recordDecided(this, decision.events);
        continue;
      }
      if (decision.kind === "compensate") {
        beginCompensation(this, decision);
        return;
      }
      const reuse = reuseResult(this, decision);
      if (reuse === "awaited") return;
      if (reuse === "taken") continue;
      if (decision.kind === "ask") startApprovalStep(this, decision);
      else if (parseSkillUse(decision.uses) === null) startCapabilityStep(this, decision);
      else startChildStep(this, decision);
    }
    setImmediate(() => this.advance());
  }

  /** A passed deadline, a denial, a fatal failure and a decided race each make calls under way pointless. */
  #abortWhatIsPointless(): void {
    const { plan, state } = this.history;
    // What brought the run to its end must not end the undoing as well.
    if (state.status === "compensating") return;
    if (this.#isOverdue())
      this.stop = { kind: "fail", error: deadlineError(state.deadlineAt ?? 0) };
    this.stop ??= stopByDenial(state);
    if (this.calls.size === 0) {
      if (this.stop !== null) this.#endWhatNobodyCalls(this.stop);
      return;
    }
    if (this.stop !== null) {
      const reason = this.stop.kind === "cancel" ? "the run is canceled" : this.stop.error.message;
      this.calls.abort(() => true, reason);
    } else if (state.failure !== null && isFailFast(plan, state)) {
      this.calls.abort(() => true, `step ${state.failure.stepId} failed`);
    } else if (state.frontier.loops.size > 0) {
      this.#abortLosers();
    }
  }

  /** Occurrences that run in the history but in no call: an error came between. Nothing would ever end them. */
  #endWhatNobodyCalls(stop: Stop): void {
    const reason = stop.kind === "cancel" ? "the run is canceled" : stop.error.message;
    const { frontier, steps } = this.history.state;
    const ends = [...frontier.running].flatMap((key): NewEvent[] => {
      const ref = refOfKey(key);
      const effect = steps.get(key)?.effect;
      const canceled: NewEvent = { type: "step.canceled", payload: { ...ref, reason } };
      if (effect?.status !== "attempted") return [canceled];
      return [
        { type: "side_effect.in_doubt", payload: { ...ref, effect_id: effect.effectId } },
        canceled,
      ];
    });
    if (ends.length > 0) recordFacts(this, ends);
  }

  #isOverdue(): boolean {
    const { deadlineAt, status } = this.history.state;
    if (deadlineAt === null || this.stop !== null || status === "paused") return false;
    return !isTerminal(status) && this.world.now() >= deadlineAt;
  }

  #abortLosers(): void {
    const { plan, state } = this.history;
    for (const index of state.frontier.loops) {
      const step = plan.steps[index];
      const loop = step === undefined ? undefined : state.steps.get(step.id)?.loop;
      if (step === undefined || loop === undefined || !hasWinner(step, loop)) continue;
      const isOfStep = (key: string) => refOfKey(key).step_id === step.id;
      this.calls.abort(isOfStep, "another target of the scatter was first");
    }
  }

  /** Something no rule foresees must cost this run, not the process: it fails; if even that fails, it is let go. */
  #survive(error: unknown): void {
    this.world.surprised(error);
    if (this.stop?.kind === "fail") {
      this.drop();
      this.world.ended("broken");
      return;
    }
    this.stop = { kind: "fail", error: toErrorRecord(error) };
    setImmediate(() => this.advance());
  }

  #arm(): void {
    this.#disarm();
    const { wakeAt } = this;
    // Calls under way end a run that is being stopped; the clock has nothing to add.
    if (wakeAt === null || this.stop !== null || this.#isFailing()) return;
    const delay = Math.min(Math.max(wakeAt - this.world.now(), 0), MAX_TIMER_MS);
    this.#timer = setTimeout(() => this.advance(), delay);
  }

  #isFailing(): boolean {
    const { plan, state } = this.history;
    if (state.status === "compensating") return false;
    return state.failure !== null && isFailFast(plan, state);
  }

  #disarm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
