import type { Eligible } from "../../core/approval.ts";
import type { ApprovalSummary } from "../../core/approval-view.ts";
import { notPending } from "../../core/decide-approval.ts";
import { DomainError } from "../../core/errors.ts";
import { isRole, mayDecide, ROLES } from "../../core/permissions.ts";
import type { CallContext } from "../api/call-context.ts";
import { findUnknownPeople } from "../database/auth-repository.ts";
import { findUnknownGroups } from "../database/group-repository.ts";
import { approverOf } from "./approver-of.ts";
import { toApprovalSummary } from "./approval-summary.ts";
import { getApprovalRow } from "./get-approval.ts";

/** Has others decide. Throws `invalid_request` naming roles and people that there are not, `forbidden`, `approval_not_pending`. */
export async function reassignApproval(
  ctx: CallContext,
  approvalId: string,
  { comment, ...eligible }: Eligible & { comment?: string },
): Promise<{ approval: ApprovalSummary }> {
  const row = await getApprovalRow(ctx, approvalId);
  if (row.status !== "pending") throw notPending(approvalId, row.status);
  await assertKnown(ctx, eligible);
  await ctx.dependencies.runtime.command({
    tenantId: ctx.tenantId,
    runId: row.run_id,
    actor: ctx.actor,
    kind: "reassign",
    payload: {
      approval_id: approvalId,
      approver: approverOf(ctx),
      eligible,
      ...(comment === undefined ? {} : { comment }),
    },
  });
  return { approval: toApprovalSummary(ctx, await getApprovalRow(ctx, approvalId)) };
}

/** A name that nobody has would leave the question to nobody. */
async function assertKnown(ctx: CallContext, { roles, users, groups }: Eligible): Promise<void> {
  const unable = roles.filter((role) => isRole(role) && !mayDecide(role));
  if (unable.length > 0) {
    throw new DomainError("invalid_request", `Nobody decides in the role ${unable.join(", ")}.`, {
      hint: `These roles include approval:decide: ${ROLES.filter(mayDecide).join(", ")}.`,
      details: { roles: unable },
    });
  }
  const unknownRoles = roles.filter((role) => !isRole(role));
  const unknownUsers = await findUnknownPeople(ctx.dependencies.database, ctx.tenantId, users);
  const unknownGroups = await findUnknownGroups(ctx.dependencies.database, ctx.tenantId, groups);
  const unknown = [
    ...unknownRoles,
    ...unknownUsers,
    ...unknownGroups.map((group) => `group ${group}`),
  ];
  if (unknown.length === 0) return;
  throw new DomainError("invalid_request", `There is no ${unknown.join(", ")} to reassign it to.`, {
    hint: `Roles are ${ROLES.join(", ")}; people are named by id or e-mail address, groups by name.`,
    details: { roles: unknownRoles, users: unknownUsers, groups: unknownGroups },
  });
}
