/** Parts of a ledger key (`contract.md` §7). The request is not among them: the same place asks for the same call. */
export type LedgerKeyParts = {
  tenantId: string;
  lineageRootRunId: string;
  stepPath: string;
  occurrence: string;
  capabilityId: string;
};

/**
 * The text of the key of what undoes an effect: whichever run of the lineage does it, it is the same call.
 */
export function undoKeyText(parts: {
  tenantId: string;
  effectId: string;
  capabilityId: string;
}): string {
  return `v1|${parts.tenantId}|undo|${parts.effectId}|${parts.capabilityId}`;
}

/** The text whose sha256 is the ledger key. Ids hold no `|`; an occurrence is an index or an alias. */
export function ledgerKeyText(parts: LedgerKeyParts): string {
  return `v1|${parts.tenantId}|${parts.lineageRootRunId}|${parts.stepPath}|${parts.occurrence}|${parts.capabilityId}`;
}

/**
 * The text whose sha256 is the key of a call that is made again although the lineage has its result: it follows from the key
 * of the record that it follows, so that whoever makes it again just then makes the same call. SQL walks the same
 * chain (`findLiveEffect`).
 */
export function reexecutionKeyText(key: string): string {
  return `v1|again|${key}`;
}
