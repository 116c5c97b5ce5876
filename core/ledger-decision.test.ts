import { describe, expect, test } from "vitest";
import { REPLAY_POLICIES } from "./capability.ts";
import { decideByLedger, type LedgerRecord } from "./ledger-decision.ts";

const record = (status: LedgerRecord["status"], requestHash = "a"): LedgerRecord => ({
  effectId: "eff_1",
  status,
  requestHash,
});

describe.each(REPLAY_POLICIES)("under %s", (policy) => {
  test("a key that nobody used is executed", () => {
    expect(decideByLedger(null, "a", policy)).toEqual({ kind: "execute" });
  });

  test("a recorded result of another request blocks", () => {
    expect(decideByLedger(record("recorded", "b"), "a", policy)).toMatchObject({
      kind: "blocked",
      sourceEffectId: "eff_1",
    });
  });

  test.each(["attempted", "in_doubt"] as const)(
    "a call that is %s elsewhere is in doubt here",
    (status) => {
      expect(decideByLedger(record(status), "a", policy)).toEqual({
        kind: "in_doubt",
        sourceEffectId: "eff_1",
      });
    },
  );
});

test.each([
  ["use_recorded_result", "reuse"],
  ["reexecute", "reexecute"],
  ["require_human", "ask"],
] as const)("under %s a recorded result of the same request means %s", (policy, kind) => {
  expect(decideByLedger(record("recorded"), "a", policy)).toMatchObject({
    kind,
    sourceEffectId: "eff_1",
  });
});
