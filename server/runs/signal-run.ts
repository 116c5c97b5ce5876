import type { Json } from "../../core/json.ts";
import type { RunSummary } from "../../core/run-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { commandRun } from "./command-run.ts";

/** Hands a run a named message. Sent again with the same `signal_id` (or Idempotency-Key), it counts once. */
export function signalRun(
  ctx: CallContext,
  input: { run_id: string; name: string; payload: Json; signal_id?: string | undefined },
): Promise<{ run: RunSummary }> {
  const signalId = input.signal_id ?? ctx.idempotencyKey ?? ctx.dependencies.makeId("command");
  return commandRun(ctx, input.run_id, {
    kind: "signal",
    signalId,
    name: input.name,
    payload: input.payload,
  });
}
