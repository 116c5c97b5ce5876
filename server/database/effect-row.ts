import { z } from "zod";
import { EFFECT_STATUSES, type EffectView } from "../../core/effect-view.ts";
import { effectIdOf } from "../../core/ids.ts";
import type { EffectWrite } from "./segment-write.ts";

/** A row of the ledger, as everything that shows it reads it. */
export const EffectRowSchema = z.object({
  tenant_id: z.string(),
  run_id: z.string(),
  sequence: z.int(),
  step_path: z.string(),
  occurrence: z.string(),
  capability_id: z.string(),
  binding_id: z.string(),
  binding_revision: z.int(),
  effect_class: z.string(),
  idempotency_key: z.string(),
  request_hash: z.string(),
  response_hash: z.string().nullable(),
  status: z.enum(EFFECT_STATUSES),
  replay_policy: z.string(),
  provider_receipt: z.string().nullable(),
  approval_id: z.string().nullable(),
  compensates_effect_id: z.string().nullable(),
  attempts: z.int(),
  created_at: z.date(),
  updated_at: z.date(),
});

/** The record that a stored row holds. */
export function toEffectView({
  sequence,
  created_at: createdAt,
  updated_at: updatedAt,
  ...row
}: z.output<typeof EffectRowSchema>): EffectView {
  return {
    effect_id: effectIdOf(row.run_id, sequence),
    ...row,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
  };
}

/** The record of a row that was folded from events. */
export function foldedEffectView(
  run: { tenantId: string; runId: string },
  write: EffectWrite,
): EffectView {
  return {
    effect_id: effectIdOf(run.runId, write.sequence),
    tenant_id: run.tenantId,
    run_id: run.runId,
    step_path: write.stepPath,
    occurrence: write.occurrence,
    capability_id: write.capabilityId,
    binding_id: write.bindingId,
    binding_revision: write.bindingRevision,
    effect_class: write.effectClass,
    idempotency_key: write.idempotencyKey,
    request_hash: write.requestHash,
    response_hash: write.responseHash,
    status: write.status,
    replay_policy: write.replayPolicy,
    provider_receipt: write.receipt,
    approval_id: write.approvalId,
    compensates_effect_id: write.compensatesEffectId,
    attempts: write.attempts,
    created_at: new Date(write.createdAt).toISOString(),
    updated_at: new Date(write.updatedAt).toISOString(),
  };
}
