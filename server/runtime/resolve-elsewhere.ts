import type { ApprovalDecision } from "../../core/approval.ts";
import { DOUBT_ELIGIBLE, type SettledDoubt } from "../../core/effect-question.ts";
import { DomainError } from "../../core/errors.ts";
import { placeOfEffect } from "../../core/ids.ts";
import type { RunCommandRequest } from "./runtime.ts";

/**
 * Has the run that made an effect say what became of it, because another run of its lineage has found out. Whoever decided
 * there was eligible under that run's policy; while the run asks its own people, it is one answer of theirs. What was settled meanwhile stays as it is.
 */
export async function resolveElsewhere(
  send: (request: RunCommandRequest) => Promise<void>,
  tenantId: string,
  told: { effectId: string; answer: SettledDoubt; decision: ApprovalDecision | null },
): Promise<void> {
  const { effectId, answer, decision } = told;
  const place = placeOfEffect(effectId);
  if (place === null) return;
  const approver =
    decision === null
      ? null
      : {
          actor: decision.approver,
          name: decision.name,
          ids: [],
          roles: DOUBT_ELIGIBLE.roles,
          groups: [],
        };
  const comment = decision?.comment === undefined ? {} : { comment: decision.comment };
  const settled = decision === null ? {} : { is_decided: true as const };
  const payload = { effect_id: effectId, ...answer, ...comment, ...settled, approver };
  try {
    const actor = approver?.actor ?? "status probe";
    await send({ tenantId, runId: place.runId, actor, kind: "resolve", payload });
  } catch (error) {
    const isRefused = error instanceof DomainError && error.code === "invalid_transition";
    const status = isRefused ? error.details?.["status"] : "in_doubt";
    if (status === "in_doubt" || status === "attempted") throw error;
  }
}
