import { answerRunApproval } from "../../approvals/answer-run-approval.ts";
import { decideApproval } from "../../approvals/decide-approval.ts";
import { reassignApproval } from "../../approvals/reassign-approval.ts";
import { releaseApproval } from "../../approvals/release-approval.ts";
import { claimApproval } from "../../approvals/claim-approval.ts";
import { getApproval } from "../../approvals/get-approval.ts";
import { listApprovals } from "../../approvals/list-approvals.ts";
import { listRunApprovals } from "../../approvals/list-run-approvals.ts";
import {
  ApprovalAnswerSchema,
  ApprovalDetailSchema,
  ApprovalsFilterSchema,
  ApprovalSummarySchema,
  ApproveRunSchema,
  DecideSchema,
  DenyRunSchema,
  OneApprovalSchema,
  ReassignSchema,
} from "../approval-schemas.ts";
import { listOf, PageSchema } from "../list-schemas.ts";
import { operation, router } from "../operation.ts";
import { RunIdSchema } from "../run-schemas.ts";

const tag = "Approvals";

/** What people are asked before runs go on, and how they answer. */
export const approvalsRouter = router({
  list: operation({
    method: "GET",
    path: "/approvals",
    permission: "run:read",
    tag,
    summary: "List approvals, newest first",
  })
    .input(ApprovalsFilterSchema)
    .output(listOf(ApprovalSummarySchema))
    .query(({ ctx, input }) => listApprovals(ctx, input)),

  get: operation({
    method: "GET",
    path: "/approvals/{approval_id}",
    permission: "run:read",
    tag,
    summary: "Get one approval with its payload, secrets masked",
  })
    .input(OneApprovalSchema)
    .output(ApprovalDetailSchema)
    .query(({ ctx, input }) => getApproval(ctx, input.approval_id)),

  claim: operation({
    method: "POST",
    path: "/approvals/{approval_id}/claim",
    permission: "approval:decide",
    tag,
    summary: "Say that you are looking at an approval",
  })
    .input(OneApprovalSchema)
    .output(ApprovalAnswerSchema)
    .mutation(({ ctx, input }) => claimApproval(ctx, input.approval_id)),

  decide: operation({
    method: "POST",
    path: "/approvals/{approval_id}/decide",
    permission: "approval:decide",
    tag,
    summary: "Approve or deny one payload, or push it back to an earlier step",
  })
    .input(DecideSchema)
    .output(ApprovalAnswerSchema)
    .mutation(({ ctx, input }) => decideApproval(ctx, input)),

  release: operation({
    method: "POST",
    path: "/approvals/{approval_id}/release",
    permission: "approval:decide",
    tag,
    summary: "Say that you are not looking at an approval any more",
  })
    .input(OneApprovalSchema)
    .output(ApprovalAnswerSchema)
    .mutation(({ ctx, input }) => releaseApproval(ctx, input.approval_id)),

  reassign: operation({
    method: "POST",
    path: "/approvals/{approval_id}/reassign",
    permission: "approval:decide",
    tag,
    summary: "Have other people decide",
  })
    .input(ReassignSchema)
    .output(ApprovalAnswerSchema)
    .mutation(({ ctx, input: { approval_id: id, ...wish } }) => reassignApproval(ctx, id, wish)),

  ofRun: operation({
    method: "GET",
    path: "/runs/{run_id}/approvals",
    permission: "run:read",
    tag,
    summary: "List what people were asked in a run",
  })
    .input(PageSchema.extend({ run_id: RunIdSchema }))
    .output(listOf(ApprovalSummarySchema))
    .query(({ ctx, input }) => listRunApprovals(ctx, input)),

  approveRun: operation({
    method: "POST",
    path: "/runs/{run_id}/approve",
    permission: "approval:decide",
    tag,
    summary: "Approve the one thing that a run asks",
  })
    .input(ApproveRunSchema)
    .output(ApprovalAnswerSchema)
    .mutation(({ ctx, input: { run_id: runId, ...answer } }) =>
      answerRunApproval(ctx, runId, { decision: "approve", ...answer }),
    ),

  denyRun: operation({
    method: "POST",
    path: "/runs/{run_id}/deny",
    permission: "approval:decide",
    tag,
    summary: "Deny the one thing that a run asks",
  })
    .input(DenyRunSchema)
    .output(ApprovalAnswerSchema)
    .mutation(({ ctx, input: { run_id: runId, ...answer } }) =>
      answerRunApproval(ctx, runId, { decision: "deny", ...answer }),
    ),
});
