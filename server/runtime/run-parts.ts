import { emptyRunState, type RunState } from "../../core/run-state.ts";
import type { Plan } from "../../core/run-plan.ts";
import type { RecordedResults } from "../../core/recorded-results.ts";
import type { EventPayloads, NewEvent, ParentRef, RunOptions } from "../../core/run-events.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Policy } from "../../core/policy.ts";
import type { ClaimedRun } from "../database/run-leases.ts";
import { loadRun } from "../database/run-loader.ts";
import type { NewRun } from "../database/segment-write.ts";
import type { CapabilityCaller } from "./capability-caller.ts";
import { createCatalogCaller } from "./catalog-caller.ts";
import type { PlanCache } from "./plan-cache.ts";
import { restoreRun } from "./restore-run.ts";
import { RunLedger } from "./run-ledger.ts";
import { findCreation } from "./find-creation.ts";
import { loadRecorded } from "./load-recorded.ts";
import type { RuntimeDependencies } from "./runtime-dependencies.ts";
import { cappedBy, policySourcesOf, startPolicyOf, storedPolicyOf } from "./run-policy.ts";
import { runNotFound, unknownEnvironment, unknownSkill } from "./runtime-errors.ts";

/** What a run needs to become active. */
export type RunParts = {
  plan: Plan;
  state: RunState;
  unhashed: readonly string[];
  /** How large the stored state is at most, in characters. */
  storedCharacters: number;
  /** When the last stored event was recorded, in milliseconds since 1970; 0 for a new run. */
  lastAt: number;
  newRun: NewRun | null;
  /** Of a run that has ended, in milliseconds since 1970. */
  finishedAt: number | null;
  ledger: RunLedger;
  isLineageShared: boolean;
  recorded: RecordedResults | null;
  caller: CapabilityCaller;
};

/** A run that is to begin: its inputs are complete and checked. */
export type NewRunRequest = {
  tenantId: string;
  runId: string;
  skillId: string;
  version: string | null;
  inputs: JsonObject;
  environment: string;
  attributes: JsonObject;
  options: RunOptions;
  /** Milliseconds since 1970; null for at once. */
  startAt: number | null;
  actor: string;
  traceId: string;
  lineageRootRunId: string;
  parent: ParentRef | null;
  source: ReplaySource | null;
  /** Of a nested run: the policy of its parent, which holds for it too. */
  inheritedPolicyHash?: string;
};

type ReplayFacts = Pick<
  EventPayloads["run.created"],
  "source_run_id" | "source_checkpoint_id" | "replay" | "overrides"
>;

/** The run that a replay or fork is made of, and what of it is reused. */
export type ReplaySource = {
  runId: string;
  /** Null for the very beginning. */
  checkpointId: string | null;
  isHeld: boolean;
  /** What `run.created` says of it. */
  payload: ReplayFacts;
  recorded: RecordedResults | null;
};

type Sources = Pick<
  RuntimeDependencies,
  "pool" | "catalogs" | "findEnvironment" | "policies" | "availableEnv" | "tools" | "now"
>;

/** The parts of a new run and the event that makes it. Throws `not_found` for an unknown skill or environment. */
export async function makeRunParts(
  deps: Sources,
  plans: PlanCache,
  run: NewRunRequest,
  chooseOwner: () => string | null,
): Promise<{ parts: RunParts; created: NewEvent; isOwned: boolean }> {
  const { plan, skill, policies, callerUnder } = await findSkillParts(deps, plans, run);
  const { policy, policyHash } = await startPolicyOf(deps.policies, run, policies);
  const { source } = run;
  // Asked once nothing more is waited for: many runs may be on their way here at the same time.
  const ownerWorkerId = chooseOwner();
  const now = deps.now();
  const newRun: NewRun = {
    ...skill,
    environment: run.environment,
    ownerWorkerId,
    wakeAt: ownerWorkerId === null && source?.isHeld !== true ? (run.startAt ?? now) : null,
    traceId: run.traceId,
    parentRunId: run.parent?.run_id ?? null,
    lineageRootRunId: run.lineageRootRunId,
    sourceRunId: source?.runId ?? null,
    sourceCheckpointId: source?.checkpointId ?? null,
    attributes: run.attributes,
    inputs: run.inputs,
    createdAt: now,
  };
  const created: NewEvent = {
    type: "run.created",
    payload: {
      skill_id: skill.skillId,
      skill_version: skill.skillVersion,
      skill_hash: skill.skillHash,
      environment: run.environment,
      inputs: run.inputs,
      attributes: run.attributes,
      options: cappedBy(policy, run.options),
      lineage_root_run_id: run.lineageRootRunId,
      ...(source === null ? {} : source.payload),
      policy_hash: policyHash,
      ...(run.parent === null ? {} : { parent: run.parent }),
      ...(run.startAt === null ? {} : { start_at: new Date(run.startAt).toISOString() }),
    },
    actor: run.actor,
  };
  const state = emptyRunState(plan, run);
  const ledger = new RunLedger(run.runId, []);
  const caller = callerUnder(policy);
  const parts = {
    plan,
    state,
    unhashed: [],
    storedCharacters: 0,
    lastAt: 0,
    newRun,
    finishedAt: null,
    ledger,
    caller,
    recorded: source?.recorded ?? null,
    isLineageShared: false,
  };
  return { parts, created, isOwned: ownerWorkerId !== null };
}

/** The parts of a run that is stored. Throws where it, its skill or its environment is gone, or its history damaged. */
export async function loadRunParts(
  deps: Sources,
  plans: PlanCache,
  run: ClaimedRun,
): Promise<RunParts> {
  const stored = await loadRun(deps.pool, run.tenantId, run.runId);
  if (stored === null) throw runNotFound(run.runId);
  const { plan, policies, callerUnder } = await findSkillParts(deps, plans, {
    tenantId: run.tenantId,
    skillId: stored.skillId,
    version: stored.skillVersion,
    environment: stored.environment,
  });
  const { state, unhashed } = restoreRun(plan, run, stored);
  const caller = callerUnder(await storedPolicyOf(deps.policies, state, policies));
  const storedCharacters = stored.eventCharacters + (stored.snapshot?.body.length ?? 0);
  const ledger = new RunLedger(run.runId, stored.openEffects);
  for (const event of stored.events) ledger.fold(event, event.sequence, event.at);
  const recorded = await recordedFor(deps.pool, state);
  const { isLineageShared, finishedAt, lastAt } = stored;
  return {
    plan,
    state,
    unhashed,
    storedCharacters,
    lastAt,
    newRun: null,
    finishedAt,
    ledger,
    isLineageShared,
    recorded,
    caller,
  };
}

/** Choices that were made when it was resumed let no other results of its source in. */
async function recordedFor(pool: Sources["pool"], state: RunState) {
  if (state.sourceRunId === null) return null;
  const { overrides } = await findCreation(pool, state.tenantId, state.runId);
  const { overrides: _today, ...begun } = state;
  return loadRecorded(pool, overrides === undefined ? begun : { ...begun, overrides });
}

/** The compiled skill of a run, what restricts it today, and what would make its calls under a policy. */
export async function findSkillParts(
  deps: Sources,
  plans: PlanCache,
  run: Pick<NewRunRequest, "tenantId" | "skillId" | "version" | "environment">,
) {
  const catalog = await deps.catalogs.getCatalog(run.tenantId);
  const found = catalog.skill(run.skillId, run.version);
  if (found === null) throw unknownSkill(run.skillId, run.version);
  const environment = await deps.findEnvironment(run.tenantId, run.environment);
  if (environment === null) throw unknownEnvironment(run.environment);
  const place = {
    tenantId: run.tenantId,
    environment: run.environment,
    network: { allowPrivate: environment.allowPrivateNetwork },
    availableEnv: deps.availableEnv,
  };
  return {
    plan: plans.planOf(found.skill, found.contentHash),
    skill: {
      skillId: found.skill.id,
      skillVersion: found.skill.version,
      skillHash: found.contentHash,
    },
    policies: policySourcesOf(environment, found.skill),
    callerUnder: (policy: Policy) => createCatalogCaller(catalog, { ...place, policy }, deps.tools),
  };
}
