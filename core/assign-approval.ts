import type { Approval, Eligible, ReassignmentFact } from "./approval.ts";
import { describeEligible, whyNotEligible, type Approver } from "./approver.ts";
import { DomainError } from "./errors.ts";

/** Throws `forbidden` where somebody may not give an approval to others: those may who could decide, and administrators. */
export function assertMayReassign(approval: Approval, approver: Approver): void {
  if (approver.roles.includes("admin") || whyNotEligible(approval, approver) === null) return;
  throw new DomainError(
    "forbidden",
    "Only who may decide this, or an administrator, may reassign it.",
    {
      hint: "Ask one of them.",
      details: { approval_id: approval.approval_id, eligible: approval.eligible },
    },
  );
}

/**
 * The fact that others decide from now on. Answers that were given stay. Whom policy names (`allowed`; null for no say)
 * only an administrator goes beyond. Throws `forbidden`, `invalid_request` for nobody.
 */
export function reassignApproval(
  approval: Approval,
  approver: Approver,
  { eligible, comment }: { eligible: Eligible; comment?: string },
  allowed: Eligible | null,
): ReassignmentFact {
  assertMayReassign(approval, approver);
  const isAdmin = approver.roles.includes("admin");
  if (allowed !== null && !isAdmin) assertNamed(allowed, eligible);
  const { required_roles: required } = approval.eligible;
  const { roles, users, groups } = eligible;
  if (roles.length + users.length + groups.length === 0) {
    throw new DomainError("invalid_request", "An approval is reassigned to somebody.", {
      hint: "Name at least one role, user or group.",
    });
  }
  return {
    approval_id: approval.approval_id,
    approver: approver.actor,
    name: approver.name,
    eligible:
      isAdmin || required === undefined ? eligible : { ...eligible, required_roles: required },
    ...(comment === undefined ? {} : { comment }),
  };
}

function assertNamed(allowed: Eligible, { roles, users, groups }: Eligible): void {
  const others = {
    roles: roles.filter((role) => !allowed.roles.includes(role)),
    users: users.filter((user) => !allowed.users.includes(user)),
    groups: groups.filter((group) => !allowed.groups.includes(group)),
  };
  if (others.roles.length + others.users.length + others.groups.length === 0) return;
  throw new DomainError(
    "forbidden",
    `Policy leaves this to ${describeEligible(allowed)}, not to ${describeEligible(others)}.`,
    { hint: "Name one of those, or ask an administrator to reassign it.", details: { allowed } },
  );
}

/** Throws `invalid_request` where nobody claims it, `forbidden` where another person does and the caller is no administrator. */
export function assertMayRelease(
  { claimed_by: by, approval_id: id }: Approval,
  approver: Approver,
) {
  if (by === undefined) {
    throw new DomainError("invalid_request", `Nobody has claimed approval ${id}.`, {
      hint: "There is nothing to release.",
    });
  }
  if (by.approver === approver.actor || approver.roles.includes("admin")) return;
  throw new DomainError("forbidden", `${by.name} has claimed approval ${id}.`, {
    hint: `Ask ${by.name} or an administrator to release it, or claim it yourself.`,
  });
}
