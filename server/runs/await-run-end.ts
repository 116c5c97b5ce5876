import { isTerminal } from "../../core/run.ts";
import type { CallContext } from "../api/call-context.ts";
import { findRun } from "../database/run-queries.ts";
import { createBell } from "./bell.ts";

/** Where no bell rings (its process died), the run is looked at this often all the same. */
const LOOK_EVERY_MS = 1_000;

/** True once the run has ended, false where `ms` passed or the client went away before. */
export async function awaitRunEnd(ctx: CallContext, runId: string, ms: number): Promise<boolean> {
  const { database, runtime } = ctx.dependencies;
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(Math.max(1, ms))]);
  const bell = createBell(signal);
  const unsubscribe = runtime.subscribe(ctx.tenantId, runId, bell.ring);
  try {
    for (;;) {
      bell.mute();
      const run = await findRun(database, ctx.tenantId, runId);
      if (run !== null && isTerminal(run.status)) return true;
      if (signal.aborted) return false;
      await bell.heard(LOOK_EVERY_MS);
    }
  } finally {
    unsubscribe();
  }
}
