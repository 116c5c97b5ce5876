import { expect, test } from "vitest";
import { areAlike, decidableAlike, isDecidableTogether, toStacks } from "./approval-stacks.ts";
import { approvalSummary } from "./testing/approval-summary.ts";

const ask = (id: string, more = {}) => approvalSummary({ approval_id: id, ...more });

test("three alike stand together where the first of them stood, two do not", () => {
  const approvals = [
    ask("a1"),
    ask("b1", { reason: "Ship?" }),
    ask("a2"),
    ask("b2", { reason: "Ship?" }),
    ask("a3", { occurrence: "7" }),
    ask("c", { environment: "prod" }),
  ];
  const ids = toStacks(approvals).map((stack) => stack.approvals.map((a) => a.approval_id));
  expect(ids).toEqual([["a1", "a2", "a3"], ["b1"], ["b2"], ["c"]]);
});

test("only those are decided together that are alike, pending, and the viewer's to decide", () => {
  const chosen = ask("a1");
  const approvals = [
    chosen,
    ask("a2"),
    ask("blocked", { blocked_because: "Only x may decide this." }),
    ask("decided", { status: "approved" }),
    ask("other", { step_path: "ship" }),
  ];
  expect(decidableAlike(approvals, chosen).map((a) => a.approval_id)).toEqual(["a1", "a2"]);
});

test("of calls in doubt each is decided by itself, and others together where they ask the same or not", () => {
  expect(isDecidableTogether(ask("doubt", { kind: "in_doubt" }))).toBe(false);
  expect(isDecidableTogether(ask("a1"))).toBe(true);
  expect(areAlike([ask("a1"), ask("a2")])).toBe(true);
  expect(areAlike([ask("a1"), ask("b", { reason: "Ship?" })])).toBe(false);
});
