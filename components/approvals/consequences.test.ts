import { expect, test } from "vitest";
import { denyVerb, whenDenied } from "./consequences.ts";
import { approvalSummary } from "./testing/approval-summary.ts";

test("denying that something is undone cancels nothing, and does not say that it would", () => {
  const undo = { ...approvalSummary({ kind: "confirmation", occurrence: "undo:1" }), gate: null };
  expect(denyVerb(undo)).toBe("Deny and leave it");
  expect(whenDenied(undo)).toContain("pay did stays as it is");
  expect(denyVerb({ occurrence: null })).toBe("Deny and cancel the run");
});
