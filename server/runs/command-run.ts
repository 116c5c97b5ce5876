import type { RunSummary } from "../../core/run-view.ts";
import type { Json } from "../../core/json.ts";
import type { Overrides } from "../../core/recorded-results.ts";
import type { CallContext } from "../api/call-context.ts";
import { getRunSummary } from "./get-run-summary.ts";

type Command =
  | { kind: "pause"; reason?: string }
  | { kind: "cancel"; reason?: string; compensate: boolean }
  | { kind: "resume"; reason?: string; overrides?: Overrides; planHash?: string }
  | { kind: "signal"; signalId: string; name: string; payload: Json };

/** Delivers a command to whoever owns the run and answers the run as it is after that. */
export async function commandRun(
  ctx: CallContext,
  runId: string,
  command: Command,
): Promise<{ run: RunSummary }> {
  await ctx.dependencies.runtime.command({
    tenantId: ctx.tenantId,
    runId,
    actor: ctx.actor,
    ...command,
  });
  return { run: await getRunSummary(ctx, runId) };
}
