import { expect, test } from "vitest";
import { toLanes } from "./approval-lanes.ts";
import { approvalSummary } from "./testing/approval-summary.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const due = (id: string, minutes: number | null, more = {}) =>
  approvalSummary({
    approval_id: id,
    expires_at: minutes === null ? null : new Date(NOW + minutes * 60_000).toISOString(),
    ...more,
  });

test("approvals stand by how soon they are due, then by risk and age", () => {
  const lanes = toLanes(
    [
      due("never", null),
      due("never_critical", null, { risk: "critical" }),
      due("never_older", null, { created_at: "2026-01-01T00:00:00.000Z" }),
      due("next_week", 7 * 24 * 60),
      due("tonight", 9 * 60),
      due("soon", 30),
      due("now", -1),
    ],
    NOW,
  );
  expect(lanes.map(({ title, approvals }) => [title, approvals.map((a) => a.approval_id)])).toEqual(
    [
      ["Due within the hour", ["now", "soon"]],
      ["Due within a day", ["tonight"]],
      ["Due later", ["next_week"]],
      ["No due time", ["never_critical", "never_older", "never"]],
    ],
  );
});
