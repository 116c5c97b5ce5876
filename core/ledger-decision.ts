import type { ReplayPolicy } from "./capability.ts";

/** What the ledger holds under a key, as far as the next call of that key must know it. */
export type LedgerRecord = {
  effectId: string;
  status: "attempted" | "recorded" | "in_doubt" | "compensated";
  requestHash: string;
};

export type LedgerDecision =
  | { kind: "execute" }
  | { kind: "reuse"; sourceEffectId: string }
  /** Made again, under a record and a key of its own (`docs/decisions/0019-doubt-and-replay-policies.md`). */
  | { kind: "reexecute"; sourceEffectId: string; reason: string }
  | { kind: "ask"; sourceEffectId: string; reason: string }
  | { kind: "blocked"; sourceEffectId: string; reason: string }
  | { kind: "in_doubt"; sourceEffectId: string };

/**
 * Whether a call whose key may be known already is made (`contract.md` §7): runs of one lineage ask for the same
 * thing at the same place under the same key, such as the second nested run of a retried step. Used by the executor and
 * by the plan of a replay, so that both say the same. `isUndoneSincePlanned`: of a replay that was made while it stood.
 */
export function decideByLedger(
  record: LedgerRecord | null,
  requestHash: string,
  policy: ReplayPolicy,
  isUndoneSincePlanned = false,
): LedgerDecision {
  if (record === null) return { kind: "execute" };
  // Reusing it would build on nothing, making it again is what no plan told: people decide.
  if (isUndoneSincePlanned && policy !== "reexecute") {
    const reason = "what it did was undone after this run was planned";
    return { kind: "ask", sourceEffectId: record.effectId, reason };
  }
  // What was undone does not stand any more, but its provider has seen its key.
  if (record.status === "compensated") {
    const reason = "what it did was undone, and is done again";
    return { kind: "reexecute", sourceEffectId: record.effectId, reason };
  }
  const { effectId: sourceEffectId } = record;
  if (record.status !== "recorded") return { kind: "in_doubt", sourceEffectId };
  if (record.requestHash !== requestHash) {
    const reason = "the same call was made before, with another request";
    return { kind: "blocked", sourceEffectId, reason };
  }
  switch (policy) {
    case "use_recorded_result":
      return { kind: "reuse", sourceEffectId };
    case "reexecute":
      return {
        kind: "reexecute",
        sourceEffectId,
        reason: "its replay policy has it made again, as a new effect",
      };
    case "require_human":
      return {
        kind: "ask",
        sourceEffectId,
        reason: "its replay policy has people decide whether it is made again",
      };
  }
}
