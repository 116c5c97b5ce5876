import type { ApprovalSummary } from "../../core/approval-view.ts";

/** Approvals that ask the same of the same step: they differ in their payload and place only. */
export type Stack = { key: string; approvals: ApprovalSummary[] };

/** From so many alike on they stand together under one question. */
const MIN_STACK = 3;

/** Approvals in their order, with those that are alike put together where the first of them stands. */
export function toStacks(approvals: readonly ApprovalSummary[]): Stack[] {
  const alike = new Map<string, ApprovalSummary[]>();
  for (const approval of approvals) {
    const key = alikeKey(approval);
    const known = alike.get(key);
    if (known === undefined) alike.set(key, [approval]);
    else known.push(approval);
  }
  return [...alike].flatMap(([key, stack]) =>
    stack.length >= MIN_STACK
      ? [{ key, approvals: stack }]
      : stack.map((approval) => ({ key: approval.approval_id, approvals: [approval] })),
  );
}

/** All pending ones that ask the same and that the viewer may decide. */
export function decidableAlike(
  approvals: readonly ApprovalSummary[],
  chosen: ApprovalSummary,
): ApprovalSummary[] {
  const key = alikeKey(chosen);
  return approvals.filter(
    (approval) => isDecidableTogether(approval) && alikeKey(approval) === key,
  );
}

/** True for a pending question that the viewer may decide with others. */
export function isDecidableTogether({
  status,
  blocked_because: blockedBecause,
  kind,
}: ApprovalSummary): boolean {
  // Of each call in doubt something else is true.
  return status === "pending" && blockedBecause === null && kind !== "in_doubt";
}

/** True where all of these ask the same. */
export function areAlike([first, ...others]: readonly ApprovalSummary[]): boolean {
  return first === undefined || others.every((other) => alikeKey(other) === alikeKey(first));
}

function alikeKey(approval: ApprovalSummary): string {
  const { skill_id, step_path, kind, reason, environment, capability_id: calls, status } = approval;
  return JSON.stringify([skill_id, step_path, kind, reason, environment, calls, status]);
}
