import type { Json, JsonObject } from "../../core/json.ts";
import type { RunOptions } from "../../core/run-events.ts";
import type { RunStatus } from "../../core/run.ts";
import type { TrustLevel } from "../../core/trust.ts";

export type StartRunRequest = {
  tenantId: string;
  /** The id to give the run, absent: a new one. A run that has it already is answered as it is (Idempotency-Key). */
  runId?: string;
  skillId: string;
  /** Null takes the highest version. */
  version: string | null;
  inputs: JsonObject;
  environment: string;
  attributes: JsonObject;
  options: RunOptions;
  startAt: Date | null;
  actor: string;
  /** How far whoever starts it may have the run trusted; absent: `standard`. `options.trust_level` only lowers it. */
  trust?: TrustLevel;
  /** W3C trace context of the request that starts the run. */
  traceparent?: string;
};

export type RunCommandRequest = { tenantId: string; runId: string; actor: string } & (
  | { kind: "pause" | "resume" | "cancel"; reason?: string }
  | { kind: "signal"; signalId: string; name: string; payload: Json }
);

export type RuntimeStats = {
  activeRuns: number;
  flushes: number;
  segments: number;
  events: number;
};

/** Executes runs in this process, and reaches those that other processes own. */
export type Runtime = {
  readonly workerId: string;
  /**
   * Validates, journals `run.created` and answers once that is durable, with the run's durable status. Throws `invalid_request` with
   * `details.problems` naming each input, `not_found` for an unknown skill or environment.
   */
  startRun(request: StartRunRequest): Promise<{ runId: string; status: RunStatus }>;
  /**
   * Delivers a command durably and answers once the run's owner has applied it. Throws its refusal
   * (`invalid_transition`), `run_not_found`, or `unavailable` where no owner answered in time (it is still delivered).
   */
  command(request: RunCommandRequest): Promise<void>;
  /** Calls back after each durable extension of a run's history, whichever process wrote it. Answers the unsubscribe. */
  subscribe(
    tenantId: string,
    runId: string,
    onHead: (headSequence: number, status: RunStatus) => void,
  ): () => void;
  stats(): RuntimeStats;
  /** Takes no more work, lets calls with effects finish, flushes, hands all leases back. */
  stop(): Promise<void>;
};
