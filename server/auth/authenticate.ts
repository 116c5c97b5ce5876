import type { IncomingMessage } from "node:http";
import { DomainError } from "../../core/errors.ts";
import { isPermission, isRole, type Permission, ROLE_PERMISSIONS } from "../../core/permissions.ts";
import type { Caller } from "../api/api-context.ts";
import {
  findApiKeyByHash,
  findUserWithMembership,
  touchApiKey,
} from "../database/auth-repository.ts";
import type { Database } from "../database/client.ts";
import { hashApiKey } from "./api-key.ts";
import { isSameOrigin } from "./same-origin.ts";
import { readSessionUserId } from "./session-token.ts";

export type AuthenticationDependencies = {
  database: Database;
  authSecret: string;
  /** Where browsers reach us when that is not the Host they send, such as behind a proxy. */
  publicOrigin: string | null;
  now: () => Date;
};

/** How often at most a key's last use is written down. */
const TOUCH_EVERY_MS = 60_000;

/**
 * Who asks: the owner of the API key, else of the session; null for a stranger. A key that is not valid is refused
 * even where a session would do. A session may change something only from our own pages.
 */
export async function authenticate(
  request: IncomingMessage,
  dependencies: AuthenticationDependencies,
): Promise<Caller | null> {
  const { authorization, cookie } = request.headers;
  if (authorization !== undefined) return authenticateKey(authorization, dependencies);
  const userId = await readSessionUserId(cookie, dependencies.authSecret);
  if (userId === null) return null;
  const isReading = request.method === "GET" || request.method === "HEAD";
  if (!isReading && !isSameOrigin(request.headers, dependencies.publicOrigin)) {
    throw new DomainError("forbidden", "A session can only be used from this server's own pages.", {
      hint: "Programs use an API key: Authorization: Bearer <api key>.",
    });
  }
  return findSessionCaller(dependencies.database, userId);
}

async function authenticateKey(
  authorization: string,
  { database, now }: AuthenticationDependencies,
): Promise<Caller> {
  const [, key] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  // Looked up by its hash: how long that takes tells nothing about the keys that exist.
  const row = key === undefined ? null : await findApiKeyByHash(database, hashApiKey(key));
  if (row === null || row.revokedAt !== null) {
    throw new DomainError("unauthorized", "The API key is not valid.", {
      hint: "Send Authorization: Bearer <api key> with a key that was not revoked.",
    });
  }
  const at = now();
  if (row.lastUsedAt === null || at.getTime() - row.lastUsedAt.getTime() > TOUCH_EVERY_MS) {
    await touchApiKey(database, row.tenantId, row.id, at);
  }
  return {
    kind: "api_key",
    tenantId: row.tenantId,
    actor: `key:${row.id}`,
    subject: { id: row.id, name: row.name, email: null },
    role: null,
    groups: [],
    permissions: new Set(row.scopes.filter((scope): scope is Permission => isPermission(scope))),
  };
}

/** The caller behind a signed-in person as it stands now: who was removed or given another role is so at once. */
export async function findSessionCaller(
  database: Pick<Database, "prisma">,
  userId: string,
): Promise<Caller | null> {
  const found = await findUserWithMembership(database, userId);
  if (found === null) return null;
  const { user, membership } = found;
  const { tenantId, role, groups } = membership;
  if (!isRole(role)) return null;
  return {
    kind: "session",
    tenantId,
    actor: `user:${user.id}`,
    subject: { id: user.id, name: user.name, email: user.email },
    role,
    groups,
    permissions: new Set(ROLE_PERMISSIONS[role]),
  };
}
