import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { approversOf, foldDecision, type Approval } from "./approval.ts";
import { whyNotEligible, type Approver } from "./approver.ts";
import { decideApproval, type Answer } from "./decide-approval.ts";
import { DomainError } from "./errors.ts";
import { toCanonicalJson, type JsonObject } from "./json.ts";

const rules = { hash: (payload: JsonObject) => toCanonicalJson(payload), assertUsable: () => {} };

function pending(more: Partial<Approval> = {}): Approval {
  const payload = { amount: 10, note: "a", to: null };
  return {
    approval_id: "apr_1_5",
    kind: "form",
    payload,
    payload_hash: rules.hash(payload),
    risk: "medium",
    reason: "Pay?",
    eligible: { roles: ["approver"], users: [], groups: [] },
    quorum: 1,
    forbid_self_approval: false,
    on_expiry: "deny",
    status: "pending",
    decisions: [],
    ...more,
  };
}

function person(name: string, more: Partial<Approver> = {}): Approver {
  return {
    actor: `user:${name}`,
    name,
    ids: [name, `${name}@example.org`],
    roles: ["approver"],
    groups: [],
    ...more,
  };
}

function answer(approval: Approval, approver: Approver, more: Partial<Answer> = {}) {
  const fact = decideApproval(
    approval,
    approver,
    { decision: "approve", payload_hash: approval.payload_hash, ...more },
    rules,
  );
  foldDecision(approval, fact, 0);
  return fact;
}

function codeOf(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    return error instanceof DomainError ? error.code : "other";
  }
}

describe("who may decide", () => {
  const asks = (eligible: Partial<Approval["eligible"]>) =>
    pending({ eligible: { roles: [], users: [], groups: [], ...eligible } });

  test.each([
    ["by role", { roles: ["approver"] }, person("ada"), true],
    ["by another role", { roles: ["operator"] }, person("ada"), false],
    ["by user id", { users: ["ada"] }, person("ada", { roles: [] }), true],
    ["by e-mail address", { users: ["ada@example.org"] }, person("ada", { roles: [] }), true],
    ["by group", { groups: ["finance"] }, person("ada", { roles: [], groups: ["finance"] }), true],
    [
      "an administrator, of roles",
      { roles: ["operator"] },
      person("ada", { roles: ["admin"] }),
      true,
    ],
    ["an administrator, of people", { users: ["bob"] }, person("ada", { roles: ["admin"] }), false],
    ["where nobody may", {}, person("ada", { roles: ["admin"] }), false],
  ])("is decided %s", (_name, eligible, approver, isAllowed) => {
    expect(whyNotEligible(asks(eligible), approver) === null).toBe(isAllowed);
  });

  test("is not who started the run, where that is forbidden", () => {
    const own = pending({ requested_by: "user:ada", forbid_self_approval: true });
    expect(codeOf(() => answer(own, person("ada")))).toBe("forbidden");
    expect(codeOf(() => answer(own, person("bob")))).toBeNull();
  });
});

describe("an answer", () => {
  test("is refused for another payload than the one that stands", () => {
    const approval = pending();
    expect(codeOf(() => answer(approval, person("ada"), { payload_hash: "old" }))).toBe(
      "payload_changed",
    );
    expect(approval.decisions).toEqual([]);
  });

  test("that denies needs a reason, and is the last one", () => {
    const approval = pending({ quorum: 3 });
    expect(codeOf(() => answer(approval, person("ada"), { decision: "deny" }))).toBe(
      "invalid_request",
    );
    answer(approval, person("ada"), { decision: "deny", comment: "too much" });
    expect(approval.status).toBe("denied");
    expect(codeOf(() => answer(approval, person("bob")))).toBe("approval_not_pending");
  });

  test("may edit values but not their types, and keeps what it changed", () => {
    const approval = pending();
    const wrong = { ...approval.payload, amount: "10" };
    expect(codeOf(() => answer(approval, person("ada"), { payload: wrong }))).toBe(
      "invalid_request",
    );
    answer(approval, person("ada"), { payload: { amount: 12, note: "a", to: "bob" } });
    expect(approval).toMatchObject({
      status: "approved",
      payload: { amount: 12, to: "bob" },
      decisions: [
        {
          changes: [
            { path: "amount", kind: "changed", before: 10, after: 12 },
            { path: "to", kind: "changed", before: null, after: "bob" },
          ],
        },
      ],
    });
  });

  test("with an edit takes the approvals of others back: they approved another payload", () => {
    const approval = pending({ quorum: 2 });
    answer(approval, person("ada"));
    answer(approval, person("bob"), { payload: { amount: 9, note: "a", to: null } });
    expect(approval.status).toBe("pending");
    expect(approversOf(approval)).toEqual(["user:bob"]);
    answer(approval, person("ada"));
    expect(approval.status).toBe("approved");
  });
});

test("however people answer: approved exactly when so many different ones approved what stands", () => {
  const step = fc.record({
    who: fc.constantFrom("ada", "bob", "cleo", "dan"),
    edit: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null, freq: 3 }),
    isOutdated: fc.integer({ min: 0, max: 3 }).map((drawn) => drawn === 0),
    isEligible: fc.integer({ min: 0, max: 3 }).map((drawn) => drawn > 0),
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step), (quorum, steps) => {
      const approval = pending({ quorum });
      for (const { who, edit, isOutdated, isEligible } of steps) {
        const kept = JSON.stringify(approval.decisions);
        const wasPending = approval.status === "pending";
        const more: Partial<Answer> = {
          ...(isOutdated ? { payload_hash: "old" } : {}),
          ...(edit === null ? {} : { payload: { ...approval.payload, amount: edit } }),
        };
        const code = codeOf(() =>
          answer(approval, person(who, isEligible ? {} : { roles: [] }), more),
        );
        if (!isEligible || isOutdated || !wasPending) expect(code).not.toBeNull();
        const now = JSON.stringify(approval.decisions);
        expect(now.startsWith(kept.slice(0, -1))).toBe(true);
        if (code !== null) expect(now).toBe(kept);
        const count = new Set(
          approval.decisions
            .filter(({ payload_hash: hash }) => hash === rules.hash(approval.payload))
            .map(({ approver }) => approver),
        ).size;
        expect(approval.status).toBe(count >= quorum ? "approved" : "pending");
      }
    }),
    { numRuns: 500 },
  );
});
