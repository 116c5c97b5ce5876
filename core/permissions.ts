import { DEFAULT_TRUST, type TrustLevel } from "./trust.ts";

/** Everything that a caller may be allowed to do. An API key's scopes are a subset of these. */
export const PERMISSIONS = [
  "run:read",
  "run:start",
  "run:pause",
  "run:resume",
  "run:replay",
  "run:cancel",
  "run:signal",
  "trust:elevated",
  "trust:privileged",
  "checkpoint:pin",
  "approval:decide",
  "registry:read",
  "registry:import",
  "environment:read",
  "stats:read",
  "worker:read",
  "metrics:read",
  "key:manage",
  "notice:manage",
  "group:manage",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const ROLES = [
  "viewer",
  "author",
  "operator",
  "approver",
  "release_manager",
  "admin",
] as const;
export type Role = (typeof ROLES)[number];

const LOOK: readonly Permission[] = [
  "run:read",
  "registry:read",
  "environment:read",
  "stats:read",
  "worker:read",
];
const STEER: readonly Permission[] = [
  "run:start",
  "run:pause",
  "run:resume",
  "run:replay",
  "run:cancel",
  "run:signal",
  "trust:elevated",
  "checkpoint:pin",
  "approval:decide",
];

/** What each role may do in its tenant. Which approvals somebody may decide is said by each approval. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: LOOK,
  author: [...LOOK, "run:start", "registry:import"],
  operator: [...LOOK, ...STEER, "metrics:read"],
  approver: [...LOOK, "approval:decide"],
  release_manager: [...LOOK, "run:start", "trust:elevated", "registry:import", "approval:decide"],
  admin: PERMISSIONS,
};

/** How far the runs are trusted that somebody with these permissions starts. */
export function trustOf(permissions: ReadonlySet<Permission>): TrustLevel {
  if (permissions.has("trust:privileged")) return "privileged";
  return permissions.has("trust:elevated") ? "elevated" : DEFAULT_TRUST;
}

/** True for one of the roles above. */
export function isRole(value: string): value is Role {
  return ROLES.some((role) => role === value);
}

/** True for a role in which approvals can be decided at all. */
export function mayDecide(role: Role): boolean {
  return ROLE_PERMISSIONS[role].includes("approval:decide");
}

/** True for one of the permissions above. */
export function isPermission(value: string): value is Permission {
  return PERMISSIONS.some((permission) => permission === value);
}
