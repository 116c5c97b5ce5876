import type { RunSummary } from "../../core/run-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { commandRun } from "./command-run.ts";

/** Pauses the run; answers once that is durable, `invalid_transition` where its status does not allow it. */
export function pauseRun(
  ctx: CallContext,
  input: { run_id: string; reason?: string | undefined },
): Promise<{ run: RunSummary }> {
  return commandRun(ctx, input.run_id, {
    kind: "pause",
    ...(input.reason === undefined ? {} : { reason: input.reason }),
  });
}
