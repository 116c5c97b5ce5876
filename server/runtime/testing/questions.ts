import { z } from "zod";
import type { Approver } from "../../../core/approver.ts";
import { JsonObjectSchema } from "../../../core/field.ts";
import type { JsonObject } from "../../../core/json.ts";
import type { Runtime } from "../runtime.ts";
import { INLINE_TENANT } from "./inline-runtime.ts";
import type { RunProbe } from "./run-probe.ts";

/** The event that asks. */
export const QuestionSchema = z.looseObject({
  approval_id: z.string(),
  kind: z.string(),
  reason: z.string(),
  occurrence: z.string().optional(),
  payload: JsonObjectSchema,
  payload_hash: z.string(),
});

/** What a run asked last. */
export type Question = z.infer<typeof QuestionSchema>;

/** Somebody who may decide what approvers decide. */
export const ADA = { actor: "usr_ada", name: "Ada", ids: [], roles: ["approver"], groups: [] };

/** What a run asked people last; throws where it has not asked. */
export async function lastQuestion(probe: RunProbe, runId: string): Promise<Question> {
  const events = await probe.events(runId);
  const asked = events.findLast(({ event_type: type }) => type === "approval.requested");
  return QuestionSchema.parse(asked?.payload);
}

/** Approves with what `change` makes of the payload, or denies where it is null. */
export async function answerQuestion(
  runtime: Runtime,
  runId: string,
  { approval_id: id, payload_hash: hash, payload }: Question,
  change: JsonObject | null,
  comment?: string,
  approver: Approver = ADA,
): Promise<void> {
  await runtime.command({
    tenantId: INLINE_TENANT,
    runId,
    actor: approver.actor,
    kind: "decide",
    payload: {
      approval_id: id,
      approver,
      payload_hash: hash,
      decision: change === null ? "deny" : "approve",
      ...(change === null ? {} : { payload: { ...payload, ...change } }),
      ...(comment === undefined ? {} : { comment }),
    },
  });
}
