import { initTRPC } from "@trpc/server";
import type { Permission } from "../../core/permissions.ts";
import type { ApiContext } from "./api-context.ts";
import { statusOf, toApiError } from "./api-error.ts";
import { requireCaller } from "./require-caller.ts";

/** How an operation appears over REST, and what a caller needs to use it. `path` is relative to /api/v1. */
export type OperationMeta = {
  method: "GET" | "POST" | "DELETE";
  path: `/${string}`;
  /** `null`: any caller who is known. */
  permission: Permission | null;
  summary: string;
  /** The status of success, 200 when absent; `ctx.answer.status` overrides it for one answer. */
  status?: 201 | 202;
  /** Makes something: sent again with the same `Idempotency-Key`, it answers with what the first call made. */
  takesIdempotencyKey?: true;
  /** The type of the file that REST answers with in place of the value. */
  file?: "application/gzip";
  tag: string;
};

const trpc = initTRPC
  .context<ApiContext>()
  .meta<OperationMeta>()
  .create({
    // The library would add stacks outside of production.
    isDev: false,
    errorFormatter: ({ shape, error, path, ctx }) => {
      const record = toApiError(error);
      const data = {
        httpStatus: statusOf(record),
        path,
        error: record,
        trace_id: ctx?.traceId ?? null,
      };
      return { code: shape.code, message: record.message, data };
    },
  });

export const router = trpc.router;

/**
 * A procedure of the API. The metadata is the operation's only description: tRPC, REST, the permission check and
 * the OpenAPI document are all made from it.
 */
export function operation(meta: OperationMeta) {
  return trpc.procedure
    .meta(meta)
    .use(({ ctx, next }) => next({ ctx: requireCaller(ctx, meta.permission) }));
}
