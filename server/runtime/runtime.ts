import type { PushedBackFrom } from "../../core/approval.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import type { Overrides, RecordedResults } from "../../core/recorded-results.ts";
import type { ReplayChanges } from "../../core/replay-changes.ts";
import type { EventPayloads, RunOptions } from "../../core/run-events.ts";
import type { RunStatus } from "../../core/run.ts";
import type { ClaimPayload, DecidePayload, ReassignPayload } from "./approval-commands.ts";
import type { ResolvePayload } from "./effect-commands.ts";
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
  | { kind: "pause"; reason?: string }
  | { kind: "cancel"; reason?: string; compensate?: boolean }
  /** With the hash of a plan, that plan is carried out, or the command is refused (`plan_outdated`). */
  | { kind: "resume"; reason?: string; overrides?: Overrides; planHash?: string }
  | { kind: "claim" | "release"; payload: ClaimPayload }
  | { kind: "reassign"; payload: ReassignPayload }
  | { kind: "decide"; payload: DecidePayload }
  | { kind: "resolve"; payload: ResolvePayload }
  | { kind: "signal"; signalId: string; name: string; payload: Json }
);

/** What a replay or fork needs of its source's history. */
export type SourceReading = {
  created: EventPayloads["run.created"];
  recorded: RecordedResults;
};

/** A new run that reuses what another one had recorded. */
export type ReplayRunRequest = {
  tenantId: string;
  /** The id to give the run; absent: a new one. A run that has it already is answered as it is. */
  runId?: string;
  sourceRunId: string;
  /** Up to which event of the source results are reused, and the checkpoint there; 0 and null: from the beginning. */
  through: number;
  checkpointId: string | null;
  /** What differs from the source; null takes the source's. Inputs are given whole. */
  inputs: JsonObject | null;
  version: string | null;
  environment: string | null;
  changes?: ReplayChanges;
  overrides?: Overrides;
  /** Bindings by capability id, in place of the source's. */
  bindings?: Readonly<Record<string, string>>;
  /** What a plan has read of the source already, so that it need not be read again. */
  read?: SourceReading;
  /** It stays `pending` until it is resumed. */
  isHeld: boolean;
  /**
   * How far whoever asks for it may have the run trusted; absent: `standard`. Never further than the source was. Null:
   * as the source was, since it takes its place.
   */
  trust?: TrustLevel | null;
  /** It takes the source's place for whoever started that one. */
  pushedBack?: PushedBackFrom;
  actor: string;
  traceparent?: string;
};

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
   * Makes a new run of the source's lineage, of which no effect is repeated that the lineage has recorded. Throws
   * `run_not_found`, `invalid_request` for nested runs and wrong inputs, `not_found` for an unknown version.
   */
  replayRun(request: ReplayRunRequest): Promise<{ runId: string; status: RunStatus }>;
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
