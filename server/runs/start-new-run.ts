import type { z } from "zod";
import { trustOf } from "../../core/permissions.ts";
import type { CallContext } from "../api/call-context.ts";
import type { StartRunSchema } from "../api/run-schemas.ts";

export type StartRunInput = z.output<typeof StartRunSchema>;

/** Hands the start to the runtime, under `runId` where the id is settled already. */
export async function startNewRun(
  ctx: CallContext,
  input: StartRunInput,
  runId?: string,
): Promise<string> {
  const started = await ctx.dependencies.runtime.startRun({
    tenantId: ctx.tenantId,
    ...(runId === undefined ? {} : { runId }),
    skillId: input.skill,
    version: input.version ?? null,
    inputs: input.inputs,
    environment: input.environment,
    attributes: input.attributes,
    options: input.options,
    startAt: input.start_at === undefined ? null : new Date(input.start_at),
    actor: ctx.actor,
    trust: trustOf(ctx.caller.permissions),
    ...(ctx.traceparent === null ? {} : { traceparent: ctx.traceparent }),
  });
  return started.runId;
}
