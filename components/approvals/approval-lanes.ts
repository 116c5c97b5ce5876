import type { ApprovalRisk } from "../../core/approval.ts";
import type { ApprovalSummary } from "../../core/approval-view.ts";

const HOUR_MS = 3_600_000;

/** Lanes in their order; an approval stands in the first whose time covers what is left. */
const LANES: readonly { title: string; withinMs: number }[] = [
  { title: "Due within the hour", withinMs: HOUR_MS },
  { title: "Due within a day", withinMs: 24 * HOUR_MS },
  { title: "Due later", withinMs: Number.POSITIVE_INFINITY },
];

const SEVERITY: Record<ApprovalRisk, number> = { critical: 0, high: 1, medium: 2, low: 3 };

export type Lane = { title: string; approvals: ApprovalSummary[] };

/** Approvals by how soon they are due, in a lane by due time, then risk, then who waits longest. Empty lanes are left out. */
export function toLanes(approvals: readonly ApprovalSummary[], now: number): Lane[] {
  const leftOf = (approval: ApprovalSummary) =>
    approval.expires_at === null ? null : Date.parse(approval.expires_at) - now;
  const titleOf = (approval: ApprovalSummary) => {
    const left = leftOf(approval);
    const lane = left === null ? undefined : LANES.find(({ withinMs }) => left <= withinMs);
    return lane?.title ?? "No due time";
  };
  const sorted = approvals.toSorted(
    (a, b) =>
      (leftOf(a) ?? 0) - (leftOf(b) ?? 0) ||
      SEVERITY[a.risk] - SEVERITY[b.risk] ||
      a.created_at.localeCompare(b.created_at),
  );
  return [...LANES.map(({ title }) => title), "No due time"].flatMap((title) => {
    const inLane = sorted.filter((approval) => titleOf(approval) === title);
    return inLane.length === 0 ? [] : [{ title, approvals: inLane }];
  });
}
