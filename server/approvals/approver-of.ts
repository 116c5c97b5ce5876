import { rolesOf, type Approver } from "../../core/approver.ts";
import type { CallContext } from "../api/call-context.ts";

/** Who the caller is to an approval. */
export function approverOf({ caller }: CallContext): Approver {
  const { actor, subject, role, groups, permissions } = caller;
  const { id, name, email } = subject;
  return {
    actor,
    name,
    ids: email === null ? [id] : [id, email],
    roles: rolesOf(role, permissions),
    groups: [...groups],
  };
}
