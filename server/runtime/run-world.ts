import type { ApprovalDecision } from "../../core/approval.ts";
import type { SettledDoubt } from "../../core/effect-question.ts";
import type { ErrorRecord } from "../../core/errors.ts";
import type { MakeId } from "../../core/ids.ts";
import type { ActedRun } from "../../core/plan-compensation.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Overrides } from "../../core/recorded-results.ts";
import type { ParentRef, RunOptions, StepRef } from "../../core/run-events.ts";
import type { RunState } from "../../core/run-state.ts";
import type { FoundEffect } from "../database/effect-repository.ts";
import type { FencedReason } from "../database/journal.ts";
import type { SegmentWrite } from "../database/segment-write.ts";
import type { CapabilityCaller } from "./capability-caller.ts";
import type { RunHistory } from "./run-history.ts";
import type { CrashPoint } from "./crash-points.ts";

/** A command as the owner of its run sees it. */
export type OpenCommand = {
  commandId: string;
  kind: string;
  payload: JsonObject;
  actor: string | null;
};

/** A nested run to be started, under an id that its parent's history already names. */
export type ChildStart = {
  tenantId: string;
  childRunId: string;
  skillId: string;
  version: string | null;
  inputs: JsonObject;
  environment: string;
  traceId: string;
  lineageRootRunId: string;
  parent: ParentRef;
  deadlineAt: number | null;
  /** What nested runs inherit of their parent's options. */
  options: RunOptions;
  /** The parent's policy, which holds for the nested run too. */
  inheritedPolicyHash?: string;
};

/** On what terms a run that is resumed goes on. */
export type ResumeTerms = {
  /** What makes its calls from now on, by today's registry and the stricter of its policy and today's. */
  caller: CapabilityCaller;
  policyHash: string;
  /** Of what it would do; null where nobody asked. */
  planHash: string | null;
};

/** How a step or occurrence came to its end. */
export type EndedStatus = "completed" | "failed" | "skipped" | "degraded" | "canceled";

/** What an active run needs of the process around it. */
export type RunWorld = {
  now: () => number;
  random: () => number;
  makeId: MakeId;
  caller: CapabilityCaller;
  startChild: (child: ChildStart) => Promise<void>;
  cancelChild: (tenantId: string, childRunId: string, reason: string) => void;
  /** What the ledger holds under a key, whichever run wrote it. */
  findLiveEffect: (tenantId: string, idempotencyKey: string) => Promise<FoundEffect | null>;
  /** What an effect of this tenant's was asked for, from its run's history; null where that is gone. */
  findEffectRequest: (tenantId: string, effectId: string) => Promise<JsonObject | null>;
  /** Whether a result that a replay found recorded stands still: of its effect, or with null of the nested runs at `key`. */
  standsStill: (
    run: RunState,
    result: { key: string; effectId: string | null },
  ) => Promise<boolean>;
  /** Whether an effect was undone after the replay around the run was planned; waits for an undoing until `isOver`. */
  isUndoneSincePlanned: (
    run: RunState,
    call: { ref: StepRef; effectId: string },
    isOver: () => boolean,
  ) => Promise<boolean>;
  /** Has another run's history say what became of its effect: as people (`decision`) or a status probe told. */
  resolveEffect: (
    effectId: string,
    answer: SettledDoubt,
    decision: ApprovalDecision | null,
  ) => Promise<void>;
  /** What a run and the runs nested in it did outside, as their durable histories tell. */
  findActed: (tenantId: string, runId: string) => Promise<ActedRun>;
  /** The terms on which the run would be resumed as its history stands, all of it durable. */
  findResumeTerms: (
    history: Pick<RunHistory, "plan" | "state">,
    wish: { overrides: Overrides; isPlanned: boolean },
  ) => Promise<ResumeTerms>;
  /** A command could not be applied; its sender is told. */
  refuseCommand: (commandId: string, error: ErrorRecord) => void;
  /** A segment of the run is durable. */
  written: (write: SegmentWrite) => void;
  /** The run ended, another process owns it, or it cannot be driven: it is to be forgotten here. */
  ended: (reason: "terminal" | "broken" | FencedReason) => void;
  stepEnded: (status: EndedStatus) => void;
  /** Something that no rule foresees; told to operators. */
  surprised: (error: unknown) => void;
  reached: (point: CrashPoint) => void;
};
