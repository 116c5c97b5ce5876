import type { ReplayPolicy } from "./capability.ts";
import type { DomainError } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import type { LedgerRecord } from "./ledger-decision.ts";
import type { OverrideOption } from "./override-options.ts";
import type { RecordedResult, RecordedResults } from "./recorded-results.ts";
import type { StepRef } from "./run-events.ts";
import type { Plan, PlanStep } from "./run-plan.ts";
import type { RunState } from "./run-state.ts";

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
