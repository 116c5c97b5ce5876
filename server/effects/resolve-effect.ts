import type { EffectDetail, EffectResolution } from "../../core/effect-view.ts";
import { DomainError } from "../../core/errors.ts";
import { isJsonObject, jsonEquals, type JsonObject } from "../../core/json.ts";
import type { CallContext } from "../api/call-context.ts";
import { approverOf } from "../approvals/approver-of.ts";
import { getEffect } from "./get-effect.ts";

/** What a person says of an effect in doubt. */
type Said = { outcome: EffectResolution["outcome"]; result?: JsonObject; comment?: string };

/**
 * Settles an effect in doubt once its run's owner has it in its history: the waiting step goes on, or the record of a run that
 * has ended is corrected. The same answer of the same person again is answered as the first time. Throws `not_found`,
 * `invalid_transition` where it is not in doubt, `forbidden`, `invalid_request` naming what is wrong in the result.
 */
export async function resolveEffect(
  ctx: CallContext,
  effectId: string,
  said: Said,
): Promise<EffectDetail> {
  const before = await getEffect(ctx, effectId);
  if (isSaid(ctx, before, said)) return before;
  if (said.outcome !== "happened" && said.result !== undefined) {
    throw new DomainError("invalid_request", "A result belongs to an effect that happened.", {
      hint: "Leave `result` out, or say `happened`.",
    });
  }
  try {
    await ctx.dependencies.runtime.command({
      tenantId: ctx.tenantId,
      runId: before.effect.run_id,
      actor: ctx.actor,
      kind: "resolve",
      payload: { effect_id: effectId, approver: approverOf(ctx), ...said },
    });
  } catch (error) {
    const isLate = error instanceof DomainError && LATE.has(error.code);
    const now = isLate ? await getEffect(ctx, effectId) : before;
    if (!isLate || !isSaid(ctx, now, said)) throw error;
  }
  return getEffect(ctx, effectId);
}

/** Somebody else was faster, or this very answer came twice. */
const LATE: ReadonlySet<string> = new Set(["invalid_transition", "approval_not_pending"]);

/** The last thing that is known of it is just this, and from this person. */
function isSaid(
  { actor }: CallContext,
  { history, effect, ...known }: EffectDetail,
  { outcome, result = {} }: Said,
): boolean {
  const last = history.findLast(({ resolution }) => resolution !== null);
  if (last?.resolution?.outcome !== outcome || last.resolution.actor !== actor) return false;
  // What was left out of it was completed, and secrets are not shown.
  const isOther = Object.entries(result).some(
    ([name, value]) =>
      !isJsonObject(known.result) || !jsonEquals(known.result[name] ?? null, value),
  );
  if (isOther && known.redacted_values === 0) return false;
  // What did not happen is made after that, and may be in doubt anew.
  return outcome === "not_happened" ? effect.status !== "in_doubt" : history.at(-1) === last;
}
