import { expect, test } from "vitest";
import { decideByLedger, type LedgerRecord } from "./ledger-decision.ts";

const record = (status: LedgerRecord["status"], requestHash = "a"): LedgerRecord => ({
  effectId: "eff_1",
  status,
  requestHash,
});

test("a key that nobody used is executed", () => {
  expect(decideByLedger(null, "a")).toEqual({ kind: "execute" });
});

test("a recorded result of the same request is reused", () => {
  expect(decideByLedger(record("recorded"), "a")).toEqual({
    kind: "reuse",
    sourceEffectId: "eff_1",
  });
});

test("a recorded result of another request blocks", () => {
  expect(decideByLedger(record("recorded", "b"), "a")).toMatchObject({ kind: "blocked" });
});

test.each(["attempted", "in_doubt"] as const)(
  "a call that is %s elsewhere is in doubt here",
  (status) => {
    expect(decideByLedger(record(status), "a")).toEqual({
      kind: "in_doubt",
      sourceEffectId: "eff_1",
    });
  },
);
