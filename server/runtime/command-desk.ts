import { setTimeout as sleep } from "node:timers/promises";
import { notPending } from "../../core/decide-approval.ts";
import { DomainError, type ErrorRecord } from "../../core/errors.ts";
import type { Overrides } from "../../core/recorded-results.ts";
import { invalidTransition, isTerminal, type RunStatus } from "../../core/run.ts";
import {
  insertCommand,
  readCommandOutcome,
  refuseCommand,
  type NewCommand,
} from "../database/command-repository.ts";
import { CHILD_CANCEL_TIMEOUT_MS, COMMAND_TIMEOUT_MS } from "./durations.ts";
import type { RunCommandRequest } from "./runtime.ts";
import type { RuntimeDependencies } from "./runtime-dependencies.ts";
import { runNotFound } from "./runtime-errors.ts";

/** Sends commands to runs wherever they are, and waits for what their owners make of them. */
export class CommandDesk {
  readonly #deps: Pick<RuntimeDependencies, "pool" | "makeId">;
  /** Lets the run's owner look at its commands, where that is this process or could become it. */
  readonly #announce: (tenantId: string, runId: string) => Promise<void>;
  readonly #waiting = new Map<string, () => void>();

  constructor(
    deps: Pick<RuntimeDependencies, "pool" | "makeId">,
    announce: (tenantId: string, runId: string) => Promise<void>,
  ) {
    this.#deps = deps;
    this.#announce = announce;
  }

  /** Stores a command, and answers once it was applied. Throws its refusal, `run_not_found` or `unavailable`. */
  async send(request: RunCommandRequest): Promise<void> {
    await this.#deliver(toCommand(request, this.#deps.makeId("command")));
  }

  async #deliver(command: NewCommand): Promise<void> {
    const { promise: applied, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(command.commandId, resolve);
    try {
      await this.#store(command);
      await this.#outcomeOf(command, applied);
    } finally {
      this.#waiting.delete(command.commandId);
    }
  }

  /** Lets the owner of a lineage's root know that it is not alone any more; answers once its ledger is complete. */
  async shareLineage(run: { tenantId: string; runId: string; actor: string }): Promise<void> {
    const commandId = this.#deps.makeId("command");
    try {
      await this.#deliver({ ...run, commandId, kind: "share_lineage", payload: {} });
    } catch (error) {
      // It ended meanwhile, which completes its ledger as well.
      if (error instanceof DomainError && error.code === "invalid_transition") return;
      throw error;
    }
  }

  /**
   * Asks a nested run to stop, without waiting for its end. It may be about to be stored by its parent just now, so
   * that the question is repeated for a while; asked twice, it is stored once.
   */
  async cancelChild(tenantId: string, childRunId: string, reason: string): Promise<void> {
    const command: NewCommand = {
      tenantId,
      runId: childRunId,
      commandId: `cmd_cancel_${childRunId.slice(4)}`,
      kind: "cancel",
      payload: { reason },
      actor: "parent run",
    };
    const deadline = performance.now() + CHILD_CANCEL_TIMEOUT_MS;
    while (performance.now() < deadline) {
      const target = await insertCommand(this.#deps.pool, command).catch(() => null);
      if (target !== null) {
        await this.#announce(tenantId, childRunId);
        return;
      }
      await sleep(100);
    }
  }

  /** A command was applied durably by a run of this process. */
  applied(commandId: string): void {
    this.#waiting.get(commandId)?.();
  }

  /** A run of this process refuses a command. */
  async refuse(
    tenantId: string,
    runId: string,
    commandId: string,
    error: ErrorRecord,
  ): Promise<void> {
    await refuseCommand(this.#deps.pool, { tenantId, runId, commandId }, error);
    this.applied(commandId);
  }

  async #store(command: NewCommand): Promise<void> {
    const target = await insertCommand(this.#deps.pool, command);
    if (target === null) throw runNotFound(command.runId);
    if (cannotTake(command, target.status) && !(await this.#isAnswered(command)))
      await this.#refuseAsEnded(command, target.status);
    await this.#announce(command.tenantId, command.runId);
  }

  /** True for a command that came before and was answered: whoever sends it again gets the same answer, ended or not. */
  async #isAnswered({ tenantId, runId, commandId }: NewCommand): Promise<boolean> {
    const outcome = await readCommandOutcome(this.#deps.pool, tenantId, runId, commandId);
    return outcome?.is_applied === true;
  }

  async #outcomeOf(command: NewCommand, applied: Promise<void>): Promise<void> {
    const deadline = performance.now() + COMMAND_TIMEOUT_MS;
    // Told by this process where it owns the run; else the database is asked, less and less often.
    for (let pauseMs = 20; performance.now() < deadline; pauseMs = Math.min(pauseMs * 2, 500)) {
      await Promise.race([applied, sleep(pauseMs)]);
      const { tenantId, runId, commandId } = command;
      const outcome = await readCommandOutcome(this.#deps.pool, tenantId, runId, commandId);
      if (outcome?.error !== undefined && outcome.error !== null)
        throw toDomainError(outcome.error);
      if (outcome?.is_applied === true) return;
      if (outcome !== null && cannotTake(command, outcome.status))
        await this.#refuseAsEnded(command, outcome.status);
    }
    throw new DomainError(
      "unavailable",
      "The run's owner has not answered yet; the command will still be delivered.",
      { hint: "Look at the run again in a moment.", details: { run_id: command.runId } },
    );
  }

  async #refuseAsEnded(command: NewCommand, status: RunStatus): Promise<never> {
    const { approval_id: approvalId } = command.payload;
    const error =
      typeof approvalId === "string"
        ? notPending(approvalId, `not pending: its run is ${status}`)
        : invalidTransition(command.runId, status, LEADS_TO[command.kind]);
    await refuseCommand(this.#deps.pool, command, error.toRecord());
    throw error;
  }
}

const LEADS_TO = {
  pause: "paused",
  resume: "running",
  cancel: "canceled",
  signal: "running",
  share_lineage: "running",
  claim: "running",
  release: "running",
  reassign: "running",
  decide: "running",
  resolve: "running",
} as const;

/** What has ended takes no command, but to be resumed where it ended without success, and to have its effects corrected. */
function cannotTake({ kind }: NewCommand, status: RunStatus): boolean {
  return kind !== "resolve" && isTerminal(status) && (kind !== "resume" || status === "completed");
}

function toCommand(request: RunCommandRequest, commandId: string): NewCommand {
  const { tenantId, runId, actor, kind } = request;
  const base = { tenantId, runId, actor, kind };
  if (request.kind === "signal") {
    const { signalId, name, payload } = request;
    return {
      ...base,
      commandId: `cmd_${signalId}`,
      payload: { signal_id: signalId, name, payload },
    };
  }
  if ("payload" in request) return { ...base, commandId, payload: request.payload };
  const { reason } = request;
  const because = reason === undefined ? {} : { reason };
  const { overrides, planHash } = request.kind === "resume" ? request : NOT_RESUMED;
  const chosen = {
    ...(overrides === undefined ? {} : { overrides: { ...overrides } }),
    ...(planHash === undefined ? {} : { plan_hash: planHash }),
  };
  const undoing =
    request.kind === "cancel" && request.compensate === true ? { compensate: true } : {};
  return { ...base, commandId, payload: { ...because, ...chosen, ...undoing } };
}

const NOT_RESUMED: { overrides?: Overrides; planHash?: string } = {};

function toDomainError({ code, message, hint, details }: ErrorRecordRow): DomainError {
  return new DomainError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
  });
}

type ErrorRecordRow = NonNullable<
  NonNullable<Awaited<ReturnType<typeof readCommandOutcome>>>["error"]
>;
