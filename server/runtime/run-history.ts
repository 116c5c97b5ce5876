import type { DecisionFact } from "../../core/approval.ts";
import { checkpointAfter } from "../../core/checkpoint.ts";
import { DomainError } from "../../core/errors.ts";
import { evolve } from "../../core/evolve.ts";
import {
  storedText,
  type EventPayloads,
  type NewEvent,
  type RunEvent,
} from "../../core/run-events.ts";
import type { Plan } from "../../core/run-plan.ts";
import { snapshotState, type RunState } from "../../core/run-state.ts";
import { isTerminal } from "../../core/run.ts";
import { occurrenceKey } from "../../core/step.ts";
import type { FencedReason, Journal, JournalSource } from "../database/journal.ts";
import type { CommandWrite, NewRun, SegmentWrite } from "../database/segment-write.ts";
import { RunApprovals } from "./run-approvals.ts";
import type { RunLedger } from "./run-ledger.ts";
import { chainHash, hashSnapshot } from "./state-hash.ts";

/** What a history tells its run. */
export type HistoryListener = {
  written(write: SegmentWrite): void;
  fenced(reason: FencedReason): void;
  unwritable(error: unknown): void;
};

/**
 * Snapshots follow the size of the history, so that all of them together stay in proportion to it: half as many bytes
 * as the last snapshot had, so that what is read to rebuild a state is little more than the state, and at least so many
 * unless the run waits.
 */
const MIN_BYTES_BETWEEN_SNAPSHOTS = 512 * 1024;

/** 10 MiB of payload per step (`contract.md` §12); measured in characters of JSON. */
const MAX_EVENT_CHARACTERS = 10 * 1024 * 1024;

/**
 * A run that runs ahead of the journal by so much waits for it. It bounds segments too, which are read as wholes: a page
 * of events costs what the segments cost that hold it.
 */
const MAX_UNWRITTEN_CHARACTERS = 2 * 1024 * 1024;

type RunEnd = Extract<NewEvent, { type: "run.completed" | "run.failed" | "run.canceled" }>;

/** 64 MiB of state (`contract.md` §12). */
const MAX_STATE_CHARACTERS = 64 * 1024 * 1024;

/**
 * A run's events in this process: folds each new one into the state at once, and lets the journal make them durable
 * in its own time. `durable` is how the run waits where `contract.md` §6 demands it.
 */
export class RunHistory implements JournalSource {
  readonly plan: Plan;
  readonly state: RunState;
  readonly leaseEpoch: number;
  readonly #journal: Journal;
  readonly #listener: HistoryListener;
  readonly #now: () => number;
  #newRun: NewRun | null;
  #bodies: string[] = [];
  #unhashed: string[] = [];
  readonly #ledger: RunLedger;
  #isLineageShared: boolean;
  readonly #approvals: RunApprovals;
  readonly #fold = (event: RunEvent): void => void evolve(this.plan, this.state, event);
  #commands: CommandWrite[] = [];
  #applied: SegmentWrite["applied"][number][] = [];
  #durableSequence: number;
  #waiters: { sequence: number; resolve: (isDurable: boolean) => void }[] = [];
  #isFenced = false;
  #finishedAt: number | null;
  #endsNow = false;
  #unwrittenCharacters = 0;
  #stateCharacters: number;
  #lastAt: number;
  #bytesSinceSnapshot = 0;
  #snapshotBytes = 0;
  #wantsSnapshot = false;

  constructor(options: {
    plan: Plan;
    state: RunState;
    leaseEpoch: number;
    newRun: NewRun | null;
    /** Of a run that has ended, in milliseconds since 1970. */
    finishedAt: number | null;
    ledger: RunLedger;
    /** Another run of the same lineage root was or is about to be made. */
    isLineageShared: boolean;
    /** The stored texts of the events since the last checkpoint: what the next checkpoint's hash covers. */
    unhashed: readonly string[];
    /** How large the stored state is at most, in characters. */
    storedCharacters: number;
    /** When the last stored event was recorded, in milliseconds since 1970; 0 for a new run. */
    lastAt: number;
    journal: Journal;
    listener: HistoryListener;
    /** Of the instance: masked in what lists and notices show. */
    secrets: readonly string[];
    now: () => number;
  }) {
    this.plan = options.plan;
    this.state = options.state;
    this.leaseEpoch = options.leaseEpoch;
    this.#newRun = options.newRun;
    this.#finishedAt = options.finishedAt;
    this.#journal = options.journal;
    this.#listener = options.listener;
    this.#now = options.now;
    this.#durableSequence = options.newRun === null ? options.state.sequence : 0;
    this.#unhashed = [...options.unhashed];
    this.#stateCharacters = options.storedCharacters;
    this.#lastAt = options.lastAt;
    this.#ledger = options.ledger;
    this.#isLineageShared = options.isLineageShared;
    this.#approvals = new RunApprovals(options.plan, options.state, options.secrets);
  }

  get isFenced(): boolean {
    return this.#isFenced;
  }

  /** True while so much waits for its commit that the run should not run further ahead. */
  get isFull(): boolean {
    return this.#unwrittenCharacters > MAX_UNWRITTEN_CHARACTERS;
  }

  /** True while facts wait for their commit. */
  get hasUnwritten(): boolean {
    return this.#durableSequence < this.state.sequence;
  }

  /** True where another run may make the same calls under the same keys. */
  get isShared(): boolean {
    return this.#isLineageShared || this.state.lineageRootRunId !== this.state.runId;
  }

  /** From now on the run's ledger rows hold their keys, those that wait to be written included. */
  shareLineage(): void {
    this.#isLineageShared = true;
    this.writeLedger();
  }

  /** True while ledger rows of an exclusive run are held back. */
  get holdsLedgerRows(): boolean {
    return this.#ledger.hasUnwritten;
  }

  /** The ledger's row of an effect of this run whose outcome is open; null for others. */
  findOpenEffect(effectId: string) {
    return this.#ledger.findOpen(effectId);
  }

  /** Has the ledger rows that are held back written, with or without new facts. */
  writeLedger(): void {
    if (!this.#isFenced && this.#ledger.want()) this.#journal.enqueue(this);
  }

  /** Adds facts to the history and folds them. Throws `invalid_transition` where the state machine refuses one. */
  record(events: readonly NewEvent[]): void {
    // A run that changes hands between clocks that differ stays in the order of its times.
    const at = Math.max(this.#now(), this.#lastAt);
    this.#lastAt = at;
    for (const event of events) {
      this.#append(event, at);
      const kind = checkpointAfter(event, this.state.frontier);
      if (kind !== null) this.#checkpoint(kind, event, at);
    }
    this.#journal.enqueue(this);
  }

  /** Marks a command as applied by the facts recorded so far; written with them. */
  applyCommand(commandId: string): void {
    this.#applied.push({ commandId, error: null });
    this.#journal.enqueue(this);
  }

  /** Resolves to true once all facts recorded so far are durable, to false if this copy of the run lost its lease. */
  durable(): Promise<boolean> {
    if (this.#isFenced) return Promise.resolve(false);
    if (!this.hasUnwritten) return Promise.resolve(true);
    return new Promise((resolve) => {
      this.#waiters.push({ sequence: this.state.sequence, resolve });
    });
  }

  takeSegment(): SegmentWrite | null {
    if (this.#isFenced) return null;
    const { state, isShared } = this;
    const hasRows = this.#ledger.isDue(isShared) || this.#applied.length > 0;
    if (this.#bodies.length === 0 && !hasRows) return null;
    const isOver = isTerminal(state.status);
    const snapshot = this.#takeSnapshot();
    // What lies before a snapshot is not read again, so that its rows must not be missing.
    const isLedgerDue = isOver || snapshot !== null || this.#ledger.isDue(isShared);
    const write: SegmentWrite = {
      tenantId: state.tenantId,
      runId: state.runId,
      leaseEpoch: this.leaseEpoch,
      firstSeq: state.sequence - this.#bodies.length + 1,
      lastSeq: state.sequence,
      body: this.#bodies.length === 0 ? null : `[${this.#bodies.join(",")}]`,
      status: state.status,
      headHash: state.checkpoint.hash,
      startedAt: state.startedAt,
      finishedAt: isOver ? this.#finishedAt : null,
      isEnd: this.#endsNow,
      outputs: isOver ? state.scope.outputs : null,
      error: state.status === "failed" ? (state.failure?.error ?? null) : null,
      newRun: this.#newRun,
      isShared,
      effects: isLedgerDue ? this.#ledger.take() : [],
      undone: this.#ledger.takeUndone(),
      approvals: this.#approvals.take(),
      commands: this.#commands,
      applied: this.#applied,
      snapshot,
    };
    this.#bodies = [];
    this.#unwrittenCharacters = 0;
    this.#commands = [];
    this.#applied = [];
    this.#newRun = null;
    this.#endsNow = false;
    return write;
  }

  segmentWritten(write: SegmentWrite): void {
    if (this.#isFenced) return;
    this.#durableSequence = write.lastSeq;
    if (this.#bodies.length > 0) this.#journal.enqueue(this);
    const reached = this.#waiters.filter((waiter) => waiter.sequence <= write.lastSeq);
    if (reached.length > 0) {
      this.#waiters = this.#waiters.filter((waiter) => waiter.sequence > write.lastSeq);
      for (const waiter of reached) waiter.resolve(true);
    }
    this.#listener.written(write);
  }

  segmentUnwritable(error: unknown): void {
    if (this.#isFenced) return;
    this.drop();
    this.#listener.unwritable(error);
  }

  segmentFenced(_write: SegmentWrite, reason: FencedReason): void {
    if (this.#isFenced) return;
    this.drop();
    this.#listener.fenced(reason);
  }

  /** Gives this copy up: nothing more of it is written, and whoever waits for its durability learns so. */
  drop(): void {
    this.#isFenced = true;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.resolve(false);
  }

  #append(event: NewEvent, at: number): void {
    const sequence = this.state.sequence + 1;
    const full: RunEvent = { ...event, sequence, at };
    const body = storedText(full);
    // The end of a run carries what is in its history already, and must always be possible.
    const isEnd = isRunEnd(event) || event.type === "run.compensating";
    if (body.length > MAX_EVENT_CHARACTERS && !isEnd) throw tooLarge(event, body.length);
    if (event.type === "step.completed" || event.type === "signal.received")
      this.#assertStateFits(body.length);
    this.#approvals.note(full, this.#fold);
    this.#bodies.push(body);
    this.#unhashed.push(body);
    this.#unwrittenCharacters += body.length;
    this.#bytesSinceSnapshot += body.length;
    this.#ledger.fold(event, sequence, at);
    if (event.type === "approval.decided") this.#startPushedBack(event.payload);
    if (!isRunEnd(event)) return;
    this.#finishedAt = at;
    this.#endsNow = true;
    this.#tellParent(event);
  }

  /** The sum of all outputs bounds the state; only when it passes the limit is the state itself measured. */
  #assertStateFits(added: number): void {
    this.#stateCharacters += added;
    if (this.#stateCharacters <= MAX_STATE_CHARACTERS) return;
    const measured = JSON.stringify(snapshotState(this.state, [])).length + added;
    if (measured > MAX_STATE_CHARACTERS) throw stateTooLarge(measured);
    this.#stateCharacters = measured;
  }

  #checkpoint(kind: EventPayloads["checkpoint.saved"]["kind"], after: NewEvent, at: number): void {
    const parent = this.state.checkpoint;
    const stateHash = chainHash(parent.hash, this.#unhashed);
    this.#unhashed = [];
    const stepPath =
      "step_id" in after.payload && after.payload.step_id !== undefined
        ? occurrenceKey(
            after.payload.step_id,
            "occurrence" in after.payload ? after.payload.occurrence : undefined,
          )
        : undefined;
    this.#append(
      {
        type: "checkpoint.saved",
        payload: {
          kind,
          state_hash: stateHash,
          ...(stepPath === undefined ? {} : { step_path: stepPath }),
          ...(parent.sequence === 0 ? {} : { parent_sequence: parent.sequence }),
        },
      },
      at,
    );
    this.#unhashed = [];
    if (kind === "waiting_for_signal" || kind === "waiting_for_human") this.#wantsSnapshot = true;
  }

  #tellParent(event: RunEnd): void {
    const { parent, runId, scope } = this.state;
    if (parent === null) return;
    this.#commands.push({
      runId: parent.run_id,
      commandId: `cmd_${runId.slice(4)}`,
      kind: "child_ended",
      payload: {
        child_run_id: runId,
        step_id: parent.step_id,
        ...(parent.occurrence === undefined ? {} : { occurrence: parent.occurrence }),
        status: event.type.slice("run.".length),
        outputs: scope.outputs,
        ...(event.type === "run.failed" ? { error: event.payload.error } : {}),
      },
    });
  }

  /** The replay that takes this run's place goes on with the flush that makes the push back durable, and not before. */
  #startPushedBack({ push_back: to, approval_id: approvalId, comment }: DecisionFact): void {
    if (to === undefined) return;
    this.#commands.push({
      runId: to.run_id,
      commandId: `cmd_${approvalId.slice(4)}`,
      kind: "resume",
      payload: comment === undefined ? {} : { reason: comment },
    });
  }

  #takeSnapshot(): SegmentWrite["snapshot"] {
    const { state } = this;
    const least = this.#wantsSnapshot ? 0 : MIN_BYTES_BETWEEN_SNAPSHOTS;
    const isDue = this.#bytesSinceSnapshot > Math.max(least, this.#snapshotBytes / 2);
    if (!isDue || isTerminal(state.status)) return null;
    this.#wantsSnapshot = false;
    const body = JSON.stringify(snapshotState(state, this.#unhashed));
    this.#bytesSinceSnapshot = 0;
    this.#snapshotBytes = body.length;
    return { sequence: state.sequence, stateHash: hashSnapshot(body), body };
  }
}

function isRunEnd(event: NewEvent): event is RunEnd {
  return (
    event.type === "run.completed" || event.type === "run.failed" || event.type === "run.canceled"
  );
}

function tooLarge(event: NewEvent, characters: number): DomainError {
  const stepId = "step_id" in event.payload ? event.payload.step_id : undefined;
  return new DomainError(
    "payload_too_large",
    `${stepId === undefined ? "The run's payload" : `The payload of step ${stepId}`} has ${characters} characters; at most ${MAX_EVENT_CHARACTERS} are kept.`,
    { hint: "Pass a reference to the data instead of the data, or split it." },
  );
}

function stateTooLarge(characters: number): DomainError {
  return new DomainError(
    "payload_too_large",
    `The run's state would have ${characters} characters; at most ${MAX_STATE_CHARACTERS} are kept.`,
    { hint: "Keep large data outside and pass references, or overwrite what is no longer needed." },
  );
}
