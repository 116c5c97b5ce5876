import type { CallContext } from "../api/call-context.ts";
import { findRun } from "../database/run-queries.ts";
import { createOnce, type CreatingCall } from "../idempotency/create-once.ts";

/** Makes a run at most once per key, and answers its id (`createOnce`). */
export function createRunOnce(
  ctx: CallContext,
  key: string,
  call: Pick<CreatingCall, "name" | "input" | "create">,
): Promise<string> {
  return createOnce(ctx, key, {
    ...call,
    kind: "run",
    hasAppeared: async (runId) =>
      (await findRun(ctx.dependencies.database, ctx.tenantId, runId)) !== null,
  });
}
