import type { z } from "zod";
import { rolesOf } from "../../core/approver.ts";
import { DomainError } from "../../core/errors.ts";
import { trustOf, type Role } from "../../core/permissions.ts";
import type { ReplayPlanRow } from "../../core/plan-rows.ts";
import type { ReplayPlanView, RunSummary } from "../../core/run-view.ts";
import type { CallContext } from "../api/call-context.ts";
import type { PlanReplaySchema } from "../api/replay-schemas.ts";
import type { PlannedReplay } from "../runtime/planned-replay.ts";
import { planOutdated } from "../runtime/runtime-errors.ts";
import { assertNoRecord } from "./assert-no-record.ts";
import { getCheckpoint } from "./get-checkpoint.ts";
import { getRunSummary } from "./get-run-summary.ts";

export type PlanReplayInput = z.output<typeof PlanReplaySchema>;

/** What a replay, fork, resume or push back of a run would do; changes nothing. */
export async function planReplayOf(
  ctx: CallContext,
  input: PlanReplayInput,
): Promise<ReplayPlanView> {
  const planned = await findPlan(ctx, input);
  return {
    run_id: input.run_id,
    operation: input.operation,
    checkpoint_id: planned.checkpointId,
    skill_id: planned.skillId,
    skill_version: planned.skillVersion,
    environment: planned.environment,
    inputs: planned.inputs,
    vars: planned.vars,
    bindings: planned.bindings,
    binding_choices: planned.bindingChoices,
    overrides: planned.overrides,
    rows: planned.rows,
    totals: totalsOf(planned.rows),
    compatibility: planned.compatibility,
    plan_hash: planned.planHash,
  };
}

/**
 * The plan, with all that carrying it out needs. Throws `checkpoint_not_found`, `plan_outdated` for another hash, and
 * `invalid_transition` for a replay or fork of a run that is undoing what it did.
 */
export async function findPlan(
  ctx: CallContext,
  input: PlanReplayInput,
  planHash?: string,
): Promise<PlannedReplay> {
  const { edits, checkpoint_id: checkpointId, operation, step } = input;
  const run = await getRunSummary(ctx, input.run_id);
  if (checkpointId !== undefined && step !== undefined) {
    throw new DomainError("invalid_request", "A run starts again at a checkpoint or at a step.", {
      hint: "Give checkpoint_id or step, not both.",
    });
  }
  assertNoRecord(run);
  if (operation !== "resume") assertNotUndoing(run);
  const checkpoint =
    checkpointId === undefined
      ? null
      : await getCheckpoint(ctx, { run_id: input.run_id, checkpoint_id: checkpointId });
  const isPushBack = operation === "push_back";
  const planned = await ctx.dependencies.replayPlanner.plan({
    tenantId: ctx.tenantId,
    runId: input.run_id,
    operation: isPushBack ? "replay" : operation,
    checkpointSequence: checkpoint?.sequence ?? null,
    stepId: step ?? null,
    inputs: edits.inputs,
    vars: edits.vars,
    bindings: edits.bindings,
    stepMap: input.step_map,
    overrides: input.overrides,
    roles: overridingRoles(ctx),
    trust: isPushBack ? null : trustOf(ctx.caller.permissions),
    version: edits.version ?? null,
    environment: edits.environment ?? null,
  });
  if (planHash === undefined || planHash === planned.planHash) return planned;
  throw planOutdated(planned.planHash);
}

/** What a replay would reuse now may be undone by the time that it is reached. */
function assertNotUndoing({ run_id: runId, status }: RunSummary): void {
  if (status !== "compensating") return;
  throw new DomainError("invalid_transition", `Run ${runId} is undoing what it did outside.`, {
    hint: "Wait for its end: what was undone is done again then, what still stands is reused.",
    details: { run_id: runId, status },
  });
}

/** Whoever may replay counts as an operator, a key as well as a person. */
function overridingRoles({ caller: { role, permissions } }: CallContext): Role[] {
  const mayReplay = permissions.has("run:replay");
  return [...rolesOf(role, permissions), ...(mayReplay ? (["operator"] as const) : [])];
}

function totalsOf(rows: readonly ReplayPlanRow[]): ReplayPlanView["totals"] {
  const count = (decision: ReplayPlanRow["decision"]) =>
    rows.filter((row) => row.decision === decision).length;
  return {
    reuse: count("reuse"),
    run: count("run"),
    wait: count("wait"),
    skip: count("skip"),
    ask: count("ask"),
    blocked: count("blocked"),
    estimated_ms: rows.reduce((sum, { estimated_ms: ms }) => sum + (ms ?? 0), 0),
  };
}
