import { DomainError } from "../../core/errors.ts";
import type { Permission } from "../../core/permissions.ts";
import type { ApiContext } from "./api-context.ts";
import type { CallContext } from "./call-context.ts";

/** The call with a caller who is known and has the permission (`null`: none needed); else `unauthorized` or `forbidden`. */
export function requireCaller(ctx: ApiContext, permission: Permission | null): CallContext {
  const { caller } = ctx;
  if (caller === null) {
    throw new DomainError("unauthorized", "This call needs an API key or a session.", {
      hint: "Send Authorization: Bearer <api key>, or sign in.",
    });
  }
  if (permission !== null && !caller.permissions.has(permission)) {
    throw new DomainError("forbidden", `This call needs the permission ${permission}.`, {
      hint:
        caller.kind === "api_key"
          ? `The API key ${caller.subject.name} does not have the scope ${permission}.`
          : `The role ${caller.role ?? "none"} does not include ${permission}. Ask an administrator.`,
      details: { permission },
    });
  }
  return { ...ctx, caller, tenantId: caller.tenantId, actor: caller.actor };
}
