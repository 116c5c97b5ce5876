import { DomainError } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import { isTerminal, type RunStatus } from "../../core/run.ts";
import { isSearchableJson } from "../../core/searchable-json.ts";
import { holdKeysOf, markLineageShared } from "../database/lineage-repository.ts";
import { listHeads } from "../database/run-heads.ts";
import type { ClaimedRun } from "../database/run-leases.ts";
import type { ActiveRuns } from "./active-runs.ts";
import type { CommandDesk } from "./command-desk.ts";
import { findCreation } from "./find-creation.ts";
import { findUndoneSteps } from "./find-undone-steps.ts";
import { loadRecorded } from "./load-recorded.ts";
import type { PlanCache } from "./plan-cache.ts";
import { replayFacts, replayOptions, withUndone } from "./replay-facts.ts";
import type { RunActor } from "./run-actor.ts";
import { makeRunParts, type NewRunRequest, type RunParts } from "./run-parts.ts";
import { trustedAs } from "./run-policy.ts";
import type { ChildStart } from "./run-world.ts";
import { runNotFound, unknownSkill } from "./runtime-errors.ts";
import type { RuntimeDependencies } from "./runtime-dependencies.ts";
import type { ReplayRunRequest, StartRunRequest } from "./runtime.ts";
import { completeInputs } from "./skill-inputs.ts";
import { traceIdOf } from "./trace-context.ts";

/** What a new run needs of the process that it is made in. */
type Birthplace = {
  workerId: string;
  plans: PlanCache;
  runs: ActiveRuns;
  desk: CommandDesk;
  actorOf: (run: ClaimedRun, parts: RunParts) => RunActor;
  isStopping: () => boolean;
};

/** Makes runs: new ones, replays and forks of others, and nested ones. Where the process has room, it begins them at once. */
export class RunStarter {
  readonly #deps: RuntimeDependencies;
  readonly #place: Birthplace;

  constructor(deps: RuntimeDependencies, place: Birthplace) {
    this.#deps = deps;
    this.#place = place;
  }

  async startRun(request: StartRunRequest): Promise<{ runId: string; status: RunStatus }> {
    const { now, makeId, catalogs } = this.#deps;
    const { tenantId, skillId, version, startAt, traceparent, trust, ...rest } = request;
    const found = (await catalogs.getCatalog(tenantId)).skill(skillId, version);
    if (found === null) throw unknownSkill(skillId, version);
    assertSearchable(request.attributes);
    const runId = request.runId ?? makeId("run");
    const [known] =
      request.runId === undefined ? [] : await listHeads(this.#deps.pool, [{ tenantId, runId }]);
    if (known !== undefined) return { runId, status: known.status };
    const status = await this.#create({
      ...rest,
      tenantId,
      runId,
      skillId,
      version: found.skill.version,
      inputs: completeInputs(found.skill, request.inputs),
      options: trustedAs(request.options, trust),
      startAt: startAt === null || startAt.getTime() <= now() ? null : startAt.getTime(),
      traceId: traceIdOf(traceparent),
      lineageRootRunId: runId,
      parent: null,
      source: null,
    });
    return { runId, status };
  }

  async replayRun(request: ReplayRunRequest): Promise<{ runId: string; status: RunStatus }> {
    const { makeId, catalogs, pool } = this.#deps;
    const { tenantId, sourceRunId, checkpointId, isHeld, actor, traceparent } = request;
    const created = request.read?.created ?? (await findCreation(pool, tenantId, sourceRunId));
    const { lineage_root_run_id: lineageRootRunId } = created;
    const version = request.version ?? created.skill_version;
    const found = (await catalogs.getCatalog(tenantId)).skill(created.skill_id, version);
    if (found === null) throw unknownSkill(created.skill_id, version);
    const runId = request.runId ?? makeId("run");
    const inputs = completeInputs(found.skill, request.inputs ?? created.inputs);
    const undone =
      request.read === undefined ? await findUndoneSteps(pool, tenantId, lineageRootRunId) : null;
    const { payload, state } = replayFacts(
      undone === null ? request : { ...request, changes: withUndone(request.changes, undone) },
    );
    const recorded =
      request.read?.recorded ??
      (await loadRecorded(pool, { tenantId, sourceRunId, lineageRootRunId, ...state }));
    await this.#shareLineage(tenantId, lineageRootRunId, actor);
    const status = await this.#create({
      tenantId,
      runId,
      skillId: created.skill_id,
      version,
      inputs,
      environment: request.environment ?? created.environment,
      attributes: created.attributes,
      options: replayOptions(created.options, request),
      startAt: null,
      actor,
      traceId: traceIdOf(traceparent),
      lineageRootRunId,
      parent: null,
      source: { runId: sourceRunId, checkpointId, isHeld, payload, recorded },
    });
    return { runId, status };
  }

  /** A run that goes on after its end may come by its own calls again. */
  async prepareResume({ tenantId, runId }: { tenantId: string; runId: string }): Promise<void> {
    const [head] = await listHeads(this.#deps.pool, [{ tenantId, runId }]);
    if (head?.status !== "failed" && head?.status !== "canceled") return;
    await markLineageShared(this.#deps.pool, { tenantId, runId });
    await holdKeysOf(this.#deps.pool, { tenantId, runId });
  }

  /** Starts a nested run, unless it was started before. */
  async startChild(child: ChildStart): Promise<void> {
    if (this.#place.runs.has(child.childRunId)) return;
    // A parent that was taken over starts only the nested run that its predecessor did not live to start.
    const [known] = await listHeads(this.#deps.pool, [
      { tenantId: child.tenantId, runId: child.childRunId },
    ]);
    if (known !== undefined) return;
    const { tenantId, childRunId, skillId, version, parent, deadlineAt, inputs, options, ...rest } =
      child;
    const found = (await this.#deps.catalogs.getCatalog(tenantId)).skill(skillId, version);
    if (found === null) throw unknownSkill(skillId, version);
    const leftMs = deadlineAt === null ? null : Math.max(deadlineAt - this.#deps.now(), 1);
    await this.#create({
      ...rest,
      tenantId,
      runId: childRunId,
      skillId,
      version: found.skill.version,
      inputs: completeInputs(found.skill, inputs),
      attributes: {},
      options: leftMs === null ? options : { ...options, timeout_seconds: leftMs / 1000 },
      startAt: null,
      actor: `run:${parent.run_id}`,
      parent,
      source: null,
    });
  }

  /** Journals a new run and, where this process has room, begins it at once. Answers its status once it is durable. */
  async #create(run: NewRunRequest): Promise<RunStatus> {
    const { workerId, plans, runs, actorOf, isStopping } = this.#place;
    const { parts, created, isOwned } = await makeRunParts(this.#deps, plans, run, () =>
      run.startAt === null && run.source?.isHeld !== true && !isStopping() && runs.takeRoom()
        ? workerId
        : null,
    );
    if (isOwned) runs.arrived();
    const actor = actorOf({ tenantId: run.tenantId, runId: run.runId, leaseEpoch: 1 }, parts);
    if (isOwned) runs.keep(actor);
    actor.history.record([created]);
    const durable = actor.history.durable();
    this.#deps.metrics.runsStarted.inc();
    if (isOwned) actor.advance();
    const isDurable = await durable;
    if (!isOwned) actor.drop();
    if (isDurable) return actor.durableStatus;
    // Somebody else may have stored a run of this id at the same moment: that is what was wanted.
    const [known] = await listHeads(this.#deps.pool, [run]);
    if (known !== undefined) return known.status;
    throw new DomainError("unavailable", "The run could not be stored.", { hint: "Try again." });
  }

  /** Before a lineage has its second run: the root's calls, made and under way, must be found under their keys. */
  async #shareLineage(tenantId: string, runId: string, actor: string): Promise<void> {
    const root = { tenantId, runId };
    const status = await markLineageShared(this.#deps.pool, root);
    if (status === null) throw runNotFound(runId);
    if (!isTerminal(status)) await this.#place.desk.shareLineage({ ...root, actor });
    await holdKeysOf(this.#deps.pool, root);
  }
}

/** PostgreSQL searches attributes, and its searchable JSON cannot hold everything that JSON text can. */
function assertSearchable(attributes: JsonObject): void {
  if (isSearchableJson(attributes)) return;
  throw new DomainError(
    "invalid_request",
    "An attribute holds the NUL character (\\u0000) or half of a surrogate pair.",
    { hint: "Take it out, or pass the value as an input." },
  );
}
