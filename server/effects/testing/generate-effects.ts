import { termsOfEffect } from "../../../core/effect-terms.ts";
import type { Database } from "../../database/client.ts";
import { writeSearchRows, type ChangedEffect } from "../../database/effect-search-rows.ts";

/** Whose effects they are. */
export const SEARCHED_TENANT = "tnt_search";
const EFFECTS_PER_RUN = 10;
const BATCH = 1_000;
const MONTH_MS = 30 * 86_400_000;
const END = Date.parse("2026-11-01T00:00:00Z");
const REGIONS = ["north", "south", "east", "west", "centre"];

/** Effect number `index` of `total`, oldest first: where it stands, what it called and what it asked for. */
export function effectAt(index: number, total: number) {
  const random = (salt: number) => hashed(index * 31 + salt);
  // Half of all calls are of one capability, each further one has half of what is left; `legacy` ended long ago.
  const kind = Math.min(Math.clz32(random(1) | 1), 9);
  const service = index < total / 5 ? "legacy" : `service_${kind % 5}`;
  const state = random(3) % 1_000;
  return {
    runId: `run_${String(Math.floor(index / EFFECTS_PER_RUN)).padStart(12, "0")}`,
    sequence: (index % EFFECTS_PER_RUN) * 7 + 4,
    createdAt: new Date(END - MONTH_MS + (MONTH_MS / total) * index),
    status: state < 965 ? "recorded" : state < 995 ? "failed" : "in_doubt",
    capabilityId: `shop.kind_${kind}.call`,
    bindingId: `binding_${kind}`,
    serviceId: service,
    receipt: state < 965 ? `rcpt-${index}` : null,
    request: {
      order: { id: index * 3, lines: [{ sku: `sku-${random(4) % 20_000}` }] },
      region: REGIONS[random(5) % REGIONS.length] ?? "",
      customer: { name: `customer ${random(6) % 50_000}` },
      note: `word${random(7) % 2_000} word${random(8) % 2_000}`,
      urgent: random(9) % 100 === 0,
    },
  };
}

/** Fills the ledger and its search table with `total` effects of one tenant, as the projection would. */
export async function generateEffects({ pool }: Pick<Database, "pool">, total: number) {
  const client = await pool.connect();
  try {
    for (let from = 0; from < total; from += BATCH) {
      const effects = Array.from({ length: Math.min(BATCH, total - from) }, (_, offset) =>
        effectAt(from + offset, total),
      );
      await client.query(
        `INSERT INTO effects (tenant_id, run_id, sequence, step_path, occurrence, capability_id, binding_id,
           binding_revision, effect_class, idempotency_key, holds_key, request_hash, status, replay_policy,
           provider_receipt, attempts, created_at, updated_at)
         SELECT $1, run_id, sequence, 'order', '', capability_id, binding_id, 1, 'write',
           md5(run_id || sequence), false, 'sha256:synthetic', status, 'use_recorded_result', receipt, 1, at, at
         FROM unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
           AS e (run_id, sequence, capability_id, binding_id, status, receipt, at)`,
        [
          SEARCHED_TENANT,
          effects.map(({ runId }) => runId),
          effects.map(({ sequence }) => sequence),
          effects.map(({ capabilityId }) => capabilityId),
          effects.map(({ bindingId }) => bindingId),
          effects.map(({ status }) => status),
          effects.map(({ receipt }) => receipt),
          effects.map(({ createdAt }) => createdAt),
        ],
      );
      await writeSearchRows(
        client,
        effects.map(({ request, serviceId, ...effect }) => ({
          effect: {
            ...effect,
            tenantId: SEARCHED_TENANT,
            stepPath: "order",
            requestHash: "sha256:synthetic",
            attempts: 1,
            writtenXid: "0",
            knownTerms: null,
          } satisfies ChangedEffect,
          terms: termsOfEffect({ ...effect, serviceId, stepPath: "order" }, request, []),
        })),
      );
    }
  } finally {
    client.release();
  }
}

/** An even, repeatable 32-bit number for a number (the finalizer of MurmurHash3). */
function hashed(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
