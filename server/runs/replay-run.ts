import type { z } from "zod";
import { invariant } from "../../core/errors.ts";
import type { RunSummary } from "../../core/run-view.ts";
import type { CallContext } from "../api/call-context.ts";
import type { ForkRunSchema, ReplayRunSchema } from "../api/replay-schemas.ts";
import { createRunOnce } from "./create-run-once.ts";
import { getRunSummary } from "./get-run-summary.ts";
import { findPlan } from "./plan-replay.ts";

type ForkInput = z.output<typeof ForkRunSchema>;

/** Runs a run again from a chosen point, as a new run of its lineage. */
export function replayRun(
  ctx: CallContext,
  input: z.output<typeof ReplayRunSchema>,
): Promise<{ run: RunSummary }> {
  return makeRun(ctx, "replay", { ...input, start: true });
}

/** Makes a new run at a chosen point of another one, which waits to be resumed unless it is to start. */
export function forkRun(ctx: CallContext, input: ForkInput): Promise<{ run: RunSummary }> {
  return makeRun(ctx, "fork", input);
}

async function makeRun(
  ctx: CallContext,
  operation: "replay" | "fork",
  input: ForkInput,
): Promise<{ run: RunSummary }> {
  const { plan_hash: planHash, start, ...wish } = input;
  const create = async (runId?: string) => {
    const { request } = await findPlan(ctx, { ...wish, operation }, planHash);
    invariant(request !== null, "a replay or fork is planned as a new run");
    const made = await ctx.dependencies.runtime.replayRun({
      ...request,
      tenantId: ctx.tenantId,
      ...(runId === undefined ? {} : { runId }),
      isHeld: !start,
      actor: ctx.actor,
      ...(ctx.traceparent === null ? {} : { traceparent: ctx.traceparent }),
    });
    return made.runId;
  };
  const { idempotencyKey } = ctx;
  const runId =
    idempotencyKey === null
      ? await create()
      : await createRunOnce(ctx, idempotencyKey, {
          name: `runs.${operation}`,
          input: JSON.parse(JSON.stringify(input)),
          create,
        });
  return { run: await getRunSummary(ctx, runId) };
}
