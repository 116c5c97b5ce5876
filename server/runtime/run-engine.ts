import { setTimeout as sleep } from "node:timers/promises";
import { DomainError, type ErrorRecord } from "../../core/errors.ts";
import { isTerminal, type RunStatus } from "../../core/run.ts";
import { listenForCommands } from "../database/command-listener.ts";
import { isConnectionError } from "../database/connection-error.ts";
import { findEffectRequest, findLiveEffect } from "../database/effect-repository.ts";
import { Journal, type FencedReason } from "../database/journal.ts";
import { parkRuns, releaseRun, releaseRunsOf, type ClaimedRun } from "../database/run-leases.ts";
import { countAllParkedRuns } from "../database/run-queries.ts";
import { announceCommands } from "../database/command-repository.ts";
import { listOpenCommands, listOpenCommandsOf } from "../database/run-loader.ts";
import type { SegmentWrite } from "../database/segment-write.ts";
import { ActiveRuns } from "./active-runs.ts";
import { BackgroundWork } from "./background-work.ts";
import { CommandDesk } from "./command-desk.ts";
import {
  BROKEN_RUN_RESTS_MS,
  CLAIM_INTERVAL_MS,
  COMMAND_INTERVAL_MS,
  HEARTBEAT_INTERVAL_MS,
  LEDGER_INTERVAL_MS,
  PARK_AFTER_IDLE_MS,
  PARKED_COUNT_INTERVAL_MS,
  STOP_GRACE_MS,
} from "./durations.ts";
import { findActed } from "./find-acted.ts";
import { HeadBoard } from "./head-board.ts";
import { insist } from "./insist.ts";
import { measureRun } from "./measure-run.ts";
import { PlanCache } from "./plan-cache.ts";
import { resolveElsewhere } from "./resolve-elsewhere.ts";
import { createResumeTerms } from "./resume-terms.ts";
import { RunClaims } from "./run-claims.ts";
import { RunActor } from "./run-actor.ts";
import { RunHistory } from "./run-history.ts";
import { loadRunParts, type RunParts } from "./run-parts.ts";
import { RunStarter } from "./run-starter.ts";
import type { RunWorld } from "./run-world.ts";
import type { ReplayRunRequest, Runtime, RunCommandRequest, StartRunRequest } from "./runtime.ts";
import type { RuntimeDependencies } from "./runtime-dependencies.ts";
import { isUndoneSincePlanned, standsStill } from "./undone-since.ts";
import { startWorker } from "./worker.ts";

/** A run that could not be driven so often in a row is brought to a failed end. */
const MAX_TROUBLES = 3;

/** Drives the runs that this process owns, takes up those that have no owner, and lets waiting ones go. */
export class RunEngine implements Runtime {
  readonly workerId: string;
  readonly #deps: RuntimeDependencies;
  readonly #journal: Journal;
  readonly #plans = new PlanCache();
  readonly #findResumeTerms: RunWorld["findResumeTerms"];
  readonly #runs: ActiveRuns;
  readonly #claims: RunClaims;
  /** How often in a row each run could not be driven. */
  readonly #troubles = new Map<string, number>();
  readonly #board: HeadBoard;
  readonly #desk: CommandDesk;
  readonly #starter: RunStarter;
  readonly #work: BackgroundWork;
  #closeListener: () => Promise<void> = async () => {};
  #signOff: () => Promise<void> = async () => {};
  #isStopping = false;
  readonly #figures = { flushes: 0, segments: 0, events: 0 };

  constructor(deps: RuntimeDependencies) {
    this.#deps = deps;
    this.#findResumeTerms = createResumeTerms(deps, this.#plans);
    this.workerId = deps.makeId("worker");
    this.#work = new BackgroundWork(deps.logger);
    this.#runs = new ActiveRuns(deps.worker.capacity, (size) => deps.metrics.activeRuns.set(size));
    this.#claims = new RunClaims(deps, this.workerId, this.#runs, (run) => this.#take(run));
    this.#board = new HeadBoard(deps.pool, (runId) => this.#runs.has(runId));
    this.#desk = new CommandDesk(deps, (tenantId, runId) =>
      this.#applyOpenCommands(tenantId, runId),
    );
    this.#starter = new RunStarter(deps, {
      workerId: this.workerId,
      plans: this.#plans,
      runs: this.#runs,
      desk: this.#desk,
      actorOf: (run, parts) => this.#actorOf(run, parts),
      isStopping: () => this.#isStopping,
    });
    this.#journal = new Journal(deps.pool, {
      ...(deps.reached === undefined ? {} : { reached: deps.reached }),
      flushed: (segments, events, durationMs) => this.#flushed(segments, events, durationMs),
      stalled: (error) =>
        deps.logger.warn({ err: error }, "The journal could not write and tries again"),
    });
  }

  /** Registers as a worker, recovers what is unfinished, and from now on takes what is due. */
  async open(): Promise<void> {
    const { pool, connectionString, worker, logger } = this.#deps;
    this.#signOff = await startWorker({
      pool,
      workerId: this.workerId,
      identity: worker,
      activeRuns: () => this.#runs.size,
      lost: () => this.#giveAllUp(),
      log: logger,
    });
    this.#closeListener = await listenForCommands(connectionString, (tenantId, runId) => {
      void this.#work.run(this.#applyOpenCommands(tenantId, runId));
    });
    this.#work.every(CLAIM_INTERVAL_MS, () => this.#claims.claimDue());
    this.#work.every(HEARTBEAT_INTERVAL_MS, () => this.#claims.reconcile());
    this.#work.every(COMMAND_INTERVAL_MS, () => this.#applyMissedCommands());
    this.#work.every(LEDGER_INTERVAL_MS, async () => this.#writeLedgers());
    this.#work.every(PARK_AFTER_IDLE_MS, () => this.#park());
    this.#work.every(PARKED_COUNT_INTERVAL_MS, () => this.#countParked());
    await this.#claims.claimDue();
  }

  startRun(request: StartRunRequest): Promise<{ runId: string; status: RunStatus }> {
    return this.#starter.startRun(request);
  }

  replayRun(request: ReplayRunRequest): Promise<{ runId: string; status: RunStatus }> {
    return this.#starter.replayRun(request);
  }

  async command(request: RunCommandRequest): Promise<void> {
    if (request.kind === "resume") await this.#starter.prepareResume(request);
    await this.#desk.send(request);
  }

  subscribe(
    tenantId: string,
    runId: string,
    onHead: (headSequence: number, status: RunStatus) => void,
  ): () => void {
    return this.#board.subscribe(tenantId, runId, onHead);
  }

  stats() {
    return { activeRuns: this.#runs.size, ...this.#figures };
  }

  async stop(): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#work.stop();
    this.#board.close();
    for (const actor of this.#runs.values()) actor.hold();
    await this.#closeListener();
    const deadline = performance.now() + STOP_GRACE_MS;
    while (performance.now() < deadline && this.#isActing()) await sleep(20);
    this.#writeLedgers();
    await Promise.race([this.#journal.drain(), sleep(1_000)]);
    this.#journal.close();
    this.#runs.dropAll();
    await this.#work.run(releaseRunsOf(this.#deps.pool, this.workerId));
    await this.#work.run(this.#signOff());
  }

  #isActing(): boolean {
    return this.#runs.values().some((actor) => actor.isActing);
  }

  #actorOf(run: ClaimedRun, parts: RunParts): RunActor {
    // The history needs its listener before the actor that listens exists.
    let actor: RunActor | null = null;
    const history = new RunHistory({
      ...parts,
      leaseEpoch: run.leaseEpoch,
      journal: this.#journal,
      secrets: this.#deps.secrets,
      now: this.#deps.now,
      listener: {
        written: (write) => actor?.onWritten(write),
        fenced: (reason) => actor?.onFenced(reason),
        unwritable: (error) => actor?.onUnwritable(error),
      },
    });
    actor = new RunActor(history, this.#worldOf(run, parts.caller), parts.recorded);
    return actor;
  }

  #worldOf(run: ClaimedRun, caller: RunWorld["caller"]): RunWorld {
    const { now, random, makeId, metrics, logger, reached } = this.#deps;
    const { tenantId, runId } = run;
    const isOver = () => this.#isStopping || this.#runs.get(runId)?.isClosed !== false;
    return {
      now,
      random,
      makeId,
      caller,
      startChild: (child) => insist(() => this.#starter.startChild(child), isOver),
      cancelChild: (tenant, child, reason) =>
        void this.#work.run(this.#desk.cancelChild(tenant, child, reason)),
      findLiveEffect: (tenant, key) =>
        insist(() => findLiveEffect(this.#deps.pool, tenant, key), isOver),
      findEffectRequest: (tenant, effectId) =>
        insist(() => findEffectRequest(this.#deps.pool, tenant, effectId), isOver),
      standsStill: (state, result) =>
        insist(() => standsStill(this.#deps.pool, state, result), isOver),
      isUndoneSincePlanned: (state, call, isOverdue) =>
        insist(() => isUndoneSincePlanned(this.#deps.pool, state, call, isOverdue), isOver),
      resolveEffect: (effectId, answer, decision) =>
        resolveElsewhere((request) => this.#desk.send(request), tenantId, {
          effectId,
          answer,
          decision,
        }),
      findActed: (tenant, id) => insist(() => findActed(this.#deps.pool, tenant, id), isOver),
      findResumeTerms: (history, wish) =>
        // Of anything unforeseen the sender hears: other commands wait for this one.
        insist(() => this.#findResumeTerms(history, wish), isOver, isConnectionError),
      refuseCommand: (commandId, error) =>
        void this.#work.run(this.#desk.refuse(tenantId, runId, commandId, error)),
      written: (write) => this.#written(write),
      ended: (reason) => this.#ended(run, reason),
      stepEnded: (status) => metrics.stepsEnded.inc({ status }),
      surprised: (error) =>
        logger.error({ err: error, run_id: runId }, "A run met an error that no rule foresees"),
      reached: (point) => reached?.(point),
    };
  }

  #flushed(segments: number, events: number, durationMs: number): void {
    this.#figures.flushes += 1;
    this.#figures.segments += segments;
    this.#figures.events += events;
    this.#deps.metrics.flushEvents.observe(events);
    this.#deps.metrics.flushSeconds.observe(durationMs / 1000);
  }

  #written(write: SegmentWrite): void {
    this.#board.post(write.runId, write.lastSeq, write.status);
    for (const { commandId } of write.applied) this.#desk.applied(commandId);
    for (const { runId } of write.commands) {
      void this.#work.run(this.#tellParent(write.tenantId, runId));
    }
    measureRun(this.#deps.metrics, write, this.#runs.get(write.runId)?.history.state.createdAt);
    if (!write.isEnd || !isTerminal(write.status)) return;
    this.#deps.metrics.runsFinished.inc({ status: write.status });
    this.#deps.runEnded?.(write.tenantId, write.runId);
  }

  #ended(run: ClaimedRun, reason: "terminal" | "broken" | FencedReason): void {
    const isResuming = this.#runs.get(run.runId)?.isResuming === true;
    this.#runs.forget(run.runId, run.leaseEpoch);
    if (reason === "terminal") {
      this.#troubles.delete(run.runId);
      // Its end gave the lease up: who was asked to resume it in that moment takes it anew.
      if (isResuming) void this.#work.run(this.#applyOpenCommands(run.tenantId, run.runId));
      return;
    }
    this.#deps.logger.warn({ run_id: run.runId, reason }, "This process lets the run go");
    // Another run of the lineage made the same call first: this one looks at the ledger again.
    const isTrouble = reason === "broken" || reason === "refused";
    if (isTrouble) this.#troubles.set(run.runId, (this.#troubles.get(run.runId) ?? 0) + 1);
    // Checked against the epoch: where the lease is really lost, this lets nothing go.
    void this.#work.run(releaseRun(this.#deps.pool, run, isTrouble ? BROKEN_RUN_RESTS_MS : 0));
  }

  async #take(run: ClaimedRun): Promise<void> {
    let actor: RunActor | null = null;
    try {
      actor = this.#actorOf(run, await loadRunParts(this.#deps, this.#plans, run));
      const commands = await listOpenCommands(this.#deps.pool, run.tenantId, run.runId);
      this.#runs.keep(actor);
      const troubles = this.#troubles.get(run.runId) ?? 0;
      if (troubles >= MAX_TROUBLES) actor.fail(cannotBeDriven(troubles));
      actor.takeUp();
      for (const command of commands) actor.apply(command);
      actor.advance();
    } catch (error) {
      this.#deps.logger.error(
        { err: error, run_id: run.runId },
        "The run could not be loaded and rests",
      );
      actor?.drop();
      this.#runs.forget(run.runId, run.leaseEpoch);
      await this.#work.run(releaseRun(this.#deps.pool, run, BROKEN_RUN_RESTS_MS));
    }
  }

  async #applyOpenCommands(tenantId: string, runId: string): Promise<void> {
    if (this.#isStopping) return;
    const actor = this.#runs.get(runId);
    if (actor === undefined) {
      await this.#claims.claimFor({ tenantId, runId });
      return;
    }
    const commands = await listOpenCommands(this.#deps.pool, tenantId, runId);
    for (const command of commands) actor.apply(command);
  }

  /** A parent that lives elsewhere hears of its nested run's end at once; one that nobody owns is taken here. */
  async #tellParent(tenantId: string, runId: string): Promise<void> {
    await this.#applyOpenCommands(tenantId, runId);
    if (!this.#runs.has(runId)) await announceCommands(this.#deps.pool, { tenantId, runId });
  }

  async #applyMissedCommands(): Promise<void> {
    for (const command of await listOpenCommandsOf(this.#deps.pool, this.workerId)) {
      this.#runs.get(command.runId)?.apply(command);
    }
  }

  #writeLedgers(): void {
    for (const actor of this.#runs.values()) actor.history.writeLedger();
  }

  /** Lets runs that only wait leave memory. */
  async #park(): Promise<void> {
    const idle = this.#runs.idle(this.#deps.now());
    if (idle.length === 0) return;
    const parking = idle.map(({ runId, wakeAt, history }) => ({
      tenantId: history.state.tenantId,
      runId,
      leaseEpoch: history.leaseEpoch,
      sequence: history.state.sequence,
      wakeAt,
    }));
    for (const { runId, leaseEpoch } of await parkRuns(this.#deps.pool, this.workerId, parking)) {
      this.#runs.forget(runId, leaseEpoch)?.drop();
    }
    await this.#countParked();
  }

  async #countParked(): Promise<void> {
    this.#deps.metrics.parkedRuns.set(await countAllParkedRuns(this.#deps.pool));
  }

  #giveAllUp(): void {
    this.#deps.logger.warn(
      { runs: this.#runs.size },
      "This worker was counted as dead: its runs belong to others now",
    );
    this.#runs.dropAll();
  }
}

function cannotBeDriven(times: number): ErrorRecord {
  return new DomainError(
    "internal_error",
    `The run could not be continued ${times} times in a row, and was given up.`,
    { hint: "The server's log says why; start a new run once that is mended." },
  ).toRecord();
}
