import type { Database } from "../database/client.ts";
import { isActing } from "../../core/capability.ts";
import { effectIdOf } from "../../core/ids.ts";
import type { LedgerRecord } from "../../core/ledger-decision.ts";
import type { RunEvent } from "../../core/run-events.ts";
import type { RunState } from "../../core/run-state.ts";
import { listLineageEffects } from "../database/lineage-repository.ts";
import type { RegistryCatalog } from "../registry/registry-catalog.ts";
import { ledgerKeyOf, reexecutionKey } from "./effect-facts.ts";

/**
 * Finds what a lineage has recorded of a call that acts. The stored ledger may be behind a run that is under way, whose
 * history (`events`) says what its rows will.
 */
export async function createEffectFinder(
  pool: Database["pool"],
  catalog: RegistryCatalog,
  state: RunState,
  events: readonly RunEvent[],
) {
  const { records, effectIds } = recordsIn(events);
  for (const row of await listLineageEffects(pool, state.tenantId, state.lineageRootRunId)) {
    const effectId = effectIdOf(row.run_id, row.sequence);
    const { status, request_hash: requestHash } = row;
    if (!effectIds.has(effectId))
      records.set(row.idempotency_key, { effectId, status, requestHash });
  }
  return ({ uses, ...ref }: { step_id: string; occurrence?: string; uses: string }) => {
    const entry = catalog.capability(uses);
    if (entry === null || !isActing(entry.effectContract.effectClass)) return null;
    return standingOfChain(records, ledgerKeyOf(state, ref, entry.capability.id));
  };
}

/** Where a call was made again, its last record that was not undone stands for it, as `findLiveEffect` has it. */
function standingOfChain(
  records: ReadonlyMap<string, LedgerRecord>,
  key: string,
): LedgerRecord | null {
  const record = records.get(key);
  if (record === undefined) return null;
  const later = standingOfChain(records, reexecutionKey(key));
  return later === null || (later.status === "compensated" && record.status !== "compensated")
    ? record
    : later;
}

/** The effects of a history: by key, failed ones aside, and the ids of all. */
function recordsIn(events: readonly RunEvent[]): {
  records: Map<string, LedgerRecord>;
  effectIds: ReadonlySet<string>;
} {
  const keys = new Map<string, string>();
  const records = new Map<string, LedgerRecord>();
  const become = (effectId: string, status: LedgerRecord["status"] | null) => {
    const key = keys.get(effectId) ?? "";
    const record = records.get(key);
    if (status === null) records.delete(key);
    else if (record !== undefined) records.set(key, { ...record, status });
  };
  for (const { type, payload } of events) {
    switch (type) {
      case "side_effect.attempted": {
        const { effect_id: effectId, idempotency_key: key, request_hash: requestHash } = payload;
        keys.set(effectId, key);
        records.set(key, { effectId, status: "attempted", requestHash });
        break;
      }
      case "side_effect.recorded":
        become(payload.effect_id, "recorded");
        break;
      case "side_effect.in_doubt":
        become(payload.effect_id, "in_doubt");
        break;
      case "side_effect.failed":
        become(payload.effect_id, null);
        break;
      case "side_effect.resolved":
        if (payload.resolution !== "stop")
          become(payload.effect_id, payload.resolution === "happened" ? "recorded" : null);
        break;
      case "step.compensated":
        become(payload.effect_id, "compensated");
        break;
      default:
    }
  }
  return { records, effectIds: new Set(keys.keys()) };
}
