import type { Database } from "../database/client.ts";
import { isActing } from "../../core/capability.ts";
import { confirmationOf } from "../../core/confirmation.ts";
import { DomainError } from "../../core/errors.ts";
import { evolve } from "../../core/evolve.ts";
import { checkpointIdOf, effectIdOf, placeOfEffect } from "../../core/ids.ts";
import type { JsonObject } from "../../core/json.ts";
import type { LedgerRecord } from "../../core/ledger-decision.ts";
import {
  ResultCollector,
  standingResults,
  type RecordedResults,
} from "../../core/recorded-results.ts";
import { planReplay, type ReplayPlanRow } from "../../core/replay-plan.ts";
import type { EventPayloads, RunEvent } from "../../core/run-events.ts";
import type { Plan } from "../../core/run-plan.ts";
import { emptyRunState, type RunState } from "../../core/run-state.ts";
import { occurrenceKey } from "../../core/step.ts";
import { streamRunEvents } from "../database/event-reader.ts";
import { listLineageEffects } from "../database/lineage-repository.ts";
import type { RegistryCatalog } from "../registry/registry-catalog.ts";
import { hashJson } from "./effect-facts.ts";
import { findUndoneSteps } from "./find-undone-steps.ts";
import { loadRecorded } from "./load-recorded.ts";
import { PlanCache } from "./plan-cache.ts";
import { resumedState } from "./resumed-state.ts";
import type { RuntimeDependencies } from "./runtime-dependencies.ts";
import { runNotFound, unknownSkill } from "./runtime-errors.ts";
import { completeInputs } from "./skill-inputs.ts";

/** From where a run is to be run again, and what is to differ. */
export type ReplayWish = {
  tenantId: string;
  runId: string;
  operation: "replay" | "fork" | "resume";
  /** At most one of the two; neither: before the step that failed, or from the beginning. */
  checkpointSequence: number | null;
  stepId: string | null;
  /** Inputs by name that take the place of the source's. */
  inputs: JsonObject;
  version: string | null;
  environment: string | null;
};

/** What would happen, and all that carrying it out needs. */
export type PlannedReplay = {
  rows: ReplayPlanRow[];
  through: number;
  checkpointId: string | null;
  skillId: string;
  skillVersion: string;
  environment: string;
  inputs: JsonObject;
  /** How the steps that were recorded and those of the version that would run differ. */
  compatibility: { removed: string[]; added: string[] };
  /** Changes with everything that the rows depend on. */
  planHash: string;
};

export type ReplayPlanner = { plan(wish: ReplayWish): Promise<PlannedReplay> };

/** Plans replays, forks and resumes from what is stored; changes nothing. */
export function createReplayPlanner({
  pool,
  catalogs,
  now,
}: Pick<RuntimeDependencies, "pool" | "catalogs" | "now">): ReplayPlanner {
  const plans = new PlanCache();
  return {
    async plan(wish) {
      const { tenantId, runId } = wish;
      const history = await readHistory(pool, wish);
      const { created } = history;
      const catalog = await catalogs.getCatalog(tenantId);
      const version = wish.version ?? created.skill_version;
      const found = catalog.skill(created.skill_id, version);
      if (found === null) throw unknownSkill(created.skill_id, version);
      const plan = plans.planOf(found.skill, found.contentHash);
      const inputs = completeInputs(found.skill, { ...created.inputs, ...wish.inputs });
      const environment = wish.environment ?? created.environment;
      const isResume = wish.operation === "resume";
      const state = isResume
        ? await resumedState(pool, plan, { tenantId, runId }, now())
        : replayingState(plan, wish, { ...created, inputs, environment }, now());
      const undone = await findUndoneSteps(pool, tenantId, created.lineage_root_run_id);
      const rows = planReplay({
        plan,
        state,
        recorded: isResume
          ? await recordedFor(pool, state)
          : { sourceRunId: runId, results: standingResults(history.reusable, undone) },
        isUndone: (key) => undone.has(key),
        expected: history.expected,
        durationsMs: history.durationsMs,
        findEffect: await effectFinder(pool, catalog, tenantId, created.lineage_root_run_id),
        asksFirst: (uses) => isConfirmed(catalog, uses),
        isOwnRecord: ({ effectId }) => isResume && placeOfEffect(effectId)?.runId === runId,
        declaredPolicyOf: (uses) =>
          catalog.capability(uses)?.effectContract.replayPolicy ?? "use_recorded_result",
        hashRequest: hashJson,
        now: now(),
      });
      const { through, checkpointId, stepIds } = history;
      return {
        rows,
        through,
        checkpointId,
        skillId: found.skill.id,
        skillVersion: found.skill.version,
        environment,
        inputs,
        compatibility: {
          removed: [...stepIds].filter((stepId) => !plan.stepIndex.has(stepId)),
          added: isSameVersion(created, found.contentHash)
            ? []
            : plan.steps.filter(({ id }) => !stepIds.has(id)).map(({ id }) => id),
        },
        planHash: hashJson({
          operation: wish.operation,
          run_id: runId,
          through,
          skill_hash: found.contentHash,
          environment,
          inputs,
          rows: rows.map(({ estimated_ms: _time, ...row }) => row),
        }),
      };
    },
  };
}

function isSameVersion(created: EventPayloads["run.created"], contentHash: string): boolean {
  return created.skill_hash === contentHash;
}

/** Reads a run's history once: where the replay begins, what is reused, what to expect of the rest. */
async function readHistory(pool: Database["pool"], wish: ReplayWish) {
  const { tenantId, runId } = wish;
  const events: RunEvent[] = [];
  for await (const event of streamRunEvents(pool, { tenantId, runId })) events.push(event);
  const [first] = events;
  if (first?.type !== "run.created") throw runNotFound(runId);
  const through = startOf(events, wish);
  const reusable = new ResultCollector();
  const expected = new ResultCollector();
  const durationsMs = new Map<string, number>();
  const stepIds = new Set<string>();
  for (const event of events) {
    if (event.sequence <= through) reusable.add(event, event.sequence);
    expected.add(event, event.sequence);
    if (event.type === "step.started") stepIds.add(event.payload.step_id);
    if (event.type !== "step.completed" || event.payload.duration_ms === undefined) continue;
    const { step_id: stepId, occurrence, duration_ms: duration } = event.payload;
    durationsMs.set(occurrenceKey(stepId, occurrence), duration);
  }
  return {
    created: first.payload,
    through,
    checkpointId: through === 0 ? null : checkpointIdOf(runId, through),
    reusable: reusable.results,
    expected: expected.results,
    durationsMs,
    stepIds,
  };
}

/** The last event that is reused: that of a checkpoint, 0 for the beginning. */
function startOf(events: readonly RunEvent[], wish: ReplayWish): number {
  if (wish.operation === "resume") return events.length;
  if (wish.checkpointSequence !== null) return wish.checkpointSequence;
  const { stepId } = wish;
  const failed = events.findLast((event) => event.type === "run.failed");
  const failedStep = failed?.type === "run.failed" ? failed.payload.step_id : undefined;
  const wanted = stepId ?? failedStep;
  if (wanted === undefined) return 0;
  const began = events.findLast(
    (event) =>
      event.type === "step.started" &&
      event.payload.step_id === wanted &&
      event.payload.occurrence === undefined &&
      event.payload.attempt === 1,
  );
  if (began === undefined && stepId !== null) {
    throw new DomainError("invalid_request", `Step ${stepId} did not begin in this run.`, {
      hint: "Name a step that ran, or a checkpoint.",
      details: { step_id: stepId },
    });
  }
  const until = began?.sequence ?? 0;
  const before = events.findLast(
    ({ type, sequence }) => type === "checkpoint.saved" && sequence < until,
  );
  return before?.sequence ?? 0;
}

/** The state of the new run when it begins to decide. */
function replayingState(
  plan: Plan,
  { tenantId, runId }: ReplayWish,
  created: EventPayloads["run.created"],
  now: number,
): RunState {
  const state = emptyRunState(plan, { tenantId, runId, traceId: "" });
  const payload = { ...created, source_run_id: runId, replay: { through: 0 } };
  evolve(plan, state, { type: "run.created", payload, sequence: 1, at: now });
  return state;
}

/** A replay or fork that is resumed goes on with what its own source had brought. */
function recordedFor(
  pool: Database["pool"],
  { tenantId, sourceRunId, replay }: RunState,
): Promise<RecordedResults> | null {
  if (sourceRunId === null || replay === null) return null;
  return loadRecorded(pool, { tenantId, runId: sourceRunId }, replay.through);
}

async function effectFinder(
  pool: Database["pool"],
  catalog: RegistryCatalog,
  tenantId: string,
  rootRunId: string,
) {
  const records = new Map<string, LedgerRecord>();
  for (const row of await listLineageEffects(pool, tenantId, rootRunId)) {
    records.set(`${row.step_path}|${row.occurrence}|${row.capability_id}`, {
      effectId: effectIdOf(row.run_id, row.sequence),
      status: row.status,
      requestHash: row.request_hash,
    });
  }
  return ({
    step_id: stepId,
    occurrence = "",
    uses,
  }: {
    step_id: string;
    occurrence?: string;
    uses: string;
  }) => {
    const entry = catalog.capability(uses);
    if (entry === null || !isActing(entry.effectContract.effectClass)) return null;
    return records.get(`${stepId}|${occurrence}|${entry.capability.id}`) ?? null;
  };
}

function isConfirmed(catalog: RegistryCatalog, uses: string): boolean {
  const entry = catalog.capability(uses);
  return entry !== null && confirmationOf(entry.capability) !== null;
}
