import type { z } from "zod";
import type { CallContext } from "../api/call-context.ts";
import type { StartedRunSchema } from "../api/run-schemas.ts";
import { findRunDetail } from "../database/run-queries.ts";
import { awaitRunEnd } from "./await-run-end.ts";
import { getRunSummary } from "./get-run-summary.ts";
import { startNewRun, type StartRunInput } from "./start-new-run.ts";
import { createRunOnce } from "./create-run-once.ts";

/**
 * Starts a run; answers once that is durable, or with `wait` once the run has ended or the time is over. The same
 * Idempotency-Key with the same input answers with the run of the first call.
 */
export async function startRun(
  ctx: CallContext,
  input: StartRunInput,
): Promise<z.output<typeof StartedRunSchema>> {
  const runId =
    ctx.idempotencyKey === null
      ? await startNewRun(ctx, input)
      : await createRunOnce(ctx, ctx.idempotencyKey, {
          name: "runs.start",
          input: { ...input, options: { ...input.options } },
          create: (runId) => startNewRun(ctx, input, runId),
        });
  if (input.wait === undefined || !(await awaitRunEnd(ctx, runId, input.wait * 1000))) {
    return { run: await getRunSummary(ctx, runId) };
  }
  ctx.answer.status = 200;
  const ended = await findRunDetail(ctx.dependencies.database, ctx.tenantId, runId);
  return { run: { ...(await getRunSummary(ctx, runId)), outputs: ended?.outputs ?? null } };
}
