import type { RunSummary } from "../../core/run-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { commandRun } from "./command-run.ts";

/** Lets a paused, failed or canceled run go on; answers once that is durable, `invalid_transition` where its status does not allow it. */
export function resumeRun(
  ctx: CallContext,
  input: { run_id: string; reason?: string | undefined },
): Promise<{ run: RunSummary }> {
  return commandRun(ctx, input.run_id, {
    kind: "resume",
    ...(input.reason === undefined ? {} : { reason: input.reason }),
  });
}
