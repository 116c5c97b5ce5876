/** What the ledger holds under a key, as far as the next call of that key must know it. */
export type LedgerRecord = {
  effectId: string;
  status: "attempted" | "recorded" | "in_doubt" | "compensated";
  requestHash: string;
};

export type LedgerDecision =
  | { kind: "execute" }
  | { kind: "reuse"; sourceEffectId: string }
  | { kind: "blocked"; sourceEffectId: string; reason: string }
  | { kind: "in_doubt"; sourceEffectId: string };

/**
 * Whether a call whose key may be known already is made (`contract.md` §7): runs of one lineage ask for the same
 * thing at the same place under the same key, such as the second nested run of a retried step.
 */
export function decideByLedger(record: LedgerRecord | null, requestHash: string): LedgerDecision {
  // What was undone does not stand any more: it is as if nothing had been recorded.
  if (record === null || record.status === "compensated") return { kind: "execute" };
  const { effectId: sourceEffectId } = record;
  if (record.status !== "recorded") return { kind: "in_doubt", sourceEffectId };
  if (record.requestHash === requestHash) return { kind: "reuse", sourceEffectId };
  return {
    kind: "blocked",
    sourceEffectId,
    reason: "the same call was made before in this lineage, with another request",
  };
}
