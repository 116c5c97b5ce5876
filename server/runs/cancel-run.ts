import type { RunSummary } from "../../core/run-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { commandRun } from "./command-run.ts";

/**
 * Cancels the run; answers once that is durable, or once it has begun to undo what it did where `compensate` asks for
 * that. Throws `invalid_transition` where its status does not allow it.
 */
export function cancelRun(
  ctx: CallContext,
  input: { run_id: string; reason?: string | undefined; compensate: boolean },
): Promise<{ run: RunSummary }> {
  return commandRun(ctx, input.run_id, {
    kind: "cancel",
    compensate: input.compensate,
    ...(input.reason === undefined ? {} : { reason: input.reason }),
  });
}
