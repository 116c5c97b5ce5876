import { DomainError } from "../../../../core/errors.ts";
import type { JsonObject } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";

/** Writes a decision once: the first stands, and a contrary one is refused. */
async function decide(
  context: BuiltinContext,
  id: string,
  decision: string,
  fields: JsonObject,
): Promise<string> {
  const earlier = await context.records.get("case_approvals", id);
  if (earlier !== null && earlier["decision"] !== decision)
    throw new DomainError(
      "approval_not_pending",
      `"${id}" was ${asText(earlier["decision"])} before.`,
      { details: { approval_id: id } },
    );
  if (earlier !== null) return asText(earlier["at"]);
  const at = context.now().toISOString();
  await context.records.put("case_approvals", id, { decision, at, ...fields });
  return at;
}

/** Approves a request; repeated, it answers with the first time. */
export const approveRequest: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const timestamp = await decide(context, given.text("approval_id"), "approved", {
    by: given.text("approver", ""),
    notes: given.text("notes", ""),
  });
  return { approved: true, timestamp };
};

/** Rejects a request with a reason; repeated, it answers with the first time. */
export const rejectRequest: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const timestamp = await decide(context, given.text("approval_id"), "rejected", {
    by: given.text("rejector", ""),
    reason: given.text("reason"),
  });
  return { rejected: true, timestamp };
};
