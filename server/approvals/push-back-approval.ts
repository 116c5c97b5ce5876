import type { ApprovalSummary } from "../../core/approval-view.ts";
import { notPending, payloadChanged } from "../../core/decide-approval.ts";
import { DomainError, invariant } from "../../core/errors.ts";
import type { CallContext } from "../api/call-context.ts";
import type { ApprovalRecord } from "../database/approval-repository.ts";
import { findPlan } from "../runs/plan-replay.ts";
import { answerApproval, isAnswered } from "./answer-approval.ts";
import { toApprovalSummary } from "./approval-summary.ts";
import { getApprovalRow } from "./get-approval.ts";

/** To which earlier step, and which input of the run takes the comment there. */
export type PushBackWish = {
  payload_hash: string;
  step: string;
  input: string;
  comment: string;
  plan_hash?: string;
};

/**
 * Ends the run of an approval and has a replay of it begin at an earlier step, with the comment as an input. The replay
 * is made first and waits; the decision and its start are written in one flush (docs/decisions/0021-push-back.md).
 * Throws what deciding and planning throw, `plan_outdated` among it.
 */
export async function pushBackApproval(
  ctx: CallContext,
  approvalId: string,
  wish: PushBackWish,
): Promise<{ approval: ApprovalSummary }> {
  const row = await getApprovalRow(ctx, approvalId);
  const { step, input, comment, payload_hash: hash } = wish;
  const answer = { decision: "push_back" as const, payload_hash: hash, comment };
  if (row.status !== "pending") {
    if (!isAnswered(ctx, row, answer)) throw notPending(approvalId, row.status);
    return { approval: toApprovalSummary(ctx, row) };
  }
  assertMayPushBack(ctx, row, wish);
  const runId = await makeReplay(ctx, approvalId, row, wish);
  try {
    const answered = await answerApproval(ctx, approvalId, {
      ...answer,
      push_back: { step, input, run_id: runId },
    });
    const isTaken = answered.approval.decisions.some(({ push_back: to }) => to?.run_id === runId);
    // The same answer was given before: the run that it made goes on, this one is not needed.
    if (!isTaken) await dropReplay(ctx, runId);
    return answered;
  } catch (error) {
    // Where the owner has not answered yet, the decision may still be taken, and its replay is needed then.
    const isRefused = !(error instanceof DomainError) || error.code !== "unavailable";
    if (isRefused) await dropReplay(ctx, runId);
    throw error;
  }
}

/** What the run's owner would refuse is refused before a replay is made for it. */
function assertMayPushBack(ctx: CallContext, row: ApprovalRecord, wish: PushBackWish): void {
  const { blocked_because: why, approval_id: id } = toApprovalSummary(ctx, row);
  if (why !== null) throw new DomainError("forbidden", why, { details: { approval_id: id } });
  if (wish.payload_hash !== row.payload_hash) {
    throw payloadChanged({ approval_id: id, payload_hash: row.payload_hash });
  }
  if (wish.step === row.step_id) {
    throw new DomainError("invalid_request", `Step ${row.step_id} is the one that asks.`, {
      hint: "Push back to a step that ran before it.",
      details: { step_id: row.step_id },
    });
  }
}

async function makeReplay(
  ctx: CallContext,
  approvalId: string,
  row: ApprovalRecord,
  { step, input, comment, plan_hash: planHash }: PushBackWish,
): Promise<string> {
  const edits = { inputs: { [input]: comment }, vars: {}, bindings: {} };
  const { request } = await findPlan(
    ctx,
    { run_id: row.run_id, operation: "push_back", step, edits, step_map: {}, overrides: {} },
    planHash,
  );
  invariant(request !== null, "a replay is planned as a new run");
  const made = await ctx.dependencies.runtime.replayRun({
    ...request,
    tenantId: ctx.tenantId,
    isHeld: true,
    pushedBack: {
      approval_id: approvalId,
      ...(row.requested_by === null ? {} : { on_behalf_of: row.requested_by }),
    },
    actor: ctx.actor,
    ...(ctx.traceparent === null ? {} : { traceparent: ctx.traceparent }),
  });
  return made.runId;
}

async function dropReplay(ctx: CallContext, runId: string): Promise<void> {
  const { logger, runtime } = ctx.dependencies;
  const reason = "its push back was not taken";
  try {
    await runtime.command({
      tenantId: ctx.tenantId,
      runId,
      actor: ctx.actor,
      kind: "cancel",
      reason,
    });
  } catch (error) {
    logger.warn({ err: error, run_id: runId }, "A replay that nobody needs could not be canceled");
  }
}
