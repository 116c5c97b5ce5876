import type { z } from "zod";
import type { ApprovalSummary } from "../../core/approval-view.ts";
import { DomainError } from "../../core/errors.ts";
import type { DecideSchema } from "../api/approval-schemas.ts";
import type { CallContext } from "../api/call-context.ts";
import { answerApproval } from "./answer-approval.ts";
import { pushBackApproval } from "./push-back-approval.ts";

/** Carries one answer out, whichever it is. Throws `invalid_request` where a push back does not say where to. */
export async function decideApproval(
  ctx: CallContext,
  input: z.output<typeof DecideSchema>,
): Promise<{ approval: ApprovalSummary }> {
  const { approval_id: id, step, input: name, plan_hash: planHash, ...answer } = input;
  if (answer.decision !== "push_back") return answerApproval(ctx, id, answer);
  const { comment, payload, payload_hash } = answer;
  if (step === undefined || name === undefined || comment === undefined || payload !== undefined) {
    throw new DomainError(
      "invalid_request",
      "A push back names a step, an input and a comment, and takes no payload.",
      { hint: "Give step, input and comment; the comment becomes that input of the run." },
    );
  }
  const hash = planHash === undefined ? {} : { plan_hash: planHash };
  return pushBackApproval(ctx, id, { step, input: name, comment, payload_hash, ...hash });
}
