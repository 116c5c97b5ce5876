import type { Approval } from "./approval.ts";
import { PERMISSIONS, type Permission, type Role } from "./permissions.ts";

/** Somebody who may want to decide. `ids` are what `eligible.users` may name: the user's id and e-mail address. */
export type Approver = {
  actor: string;
  name: string;
  ids: string[];
  roles: string[];
  groups: string[];
};

/**
 * The roles that a caller decides in. People have theirs; a key counts as an approver if its scopes let it decide, and
 * as an administrator if they leave nothing out.
 */
export function rolesOf(role: Role | null, permissions: ReadonlySet<Permission>): Role[] {
  if (role !== null) return [role];
  const isAdmin = PERMISSIONS.every((permission) => permissions.has(permission));
  const decides = permissions.has("approval:decide");
  return [...(isAdmin ? (["admin"] as const) : []), ...(decides ? (["approver"] as const) : [])];
}

type Question = Pick<Approval, "eligible" | "forbid_self_approval" | "requested_by">;

/** Why somebody may not decide, as a sentence; null where they may. Administrators may wherever a role may. */
export function whyNotEligible(
  { eligible, forbid_self_approval: forbidsOwn, requested_by: requestedBy }: Question,
  approver: Approver,
): string | null {
  if (forbidsOwn && requestedBy === approver.actor) {
    return "Whoever started the run may not decide its approvals.";
  }
  const { roles, users, groups, required_roles: required } = eligible;
  const hasRole = approver.roles.some((role) => roles.includes(role));
  const isAdmin = roles.length > 0 && approver.roles.includes("admin");
  const hasRequired =
    required === undefined ||
    approver.roles.some((role) => role === "admin" || required.includes(role));
  const isNamed = approver.ids.some((id) => users.includes(id));
  const isInGroup = approver.groups.some((group) => groups.includes(group));
  if (hasRequired && (hasRole || isAdmin || isNamed || isInGroup)) return null;
  return roles.length + users.length + groups.length === 0
    ? "Its policies name nobody in common, so that nobody may decide this until an administrator reassigns it."
    : `Only ${describeEligible(eligible)} may decide this.`;
}

/** Who may decide, in words: `approver or ada@example.org`. */
export function describeEligible({
  roles,
  users,
  groups,
  required_roles: required,
}: Approval["eligible"]): string {
  const named = listed([...roles, ...users, ...groups.map((group) => `group ${group}`)]);
  return required === undefined ? named : `${named} (with the role ${listed(required)})`;
}

function listed(all: readonly string[]): string {
  const last = all.at(-1);
  if (last === undefined) return "nobody";
  return all.length === 1 ? last : `${all.slice(0, -1).join(", ")} or ${last}`;
}
