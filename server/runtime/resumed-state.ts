import type { Database } from "../database/client.ts";
import { evolve } from "../../core/evolve.ts";
import { isResumable } from "../../core/resumable.ts";
import { invalidTransition } from "../../core/run.ts";
import type { Plan } from "../../core/run-plan.ts";
import type { RunState } from "../../core/run-state.ts";
import { loadRun } from "../database/run-loader.ts";
import { restoreRun } from "./restore-run.ts";
import { runNotFound } from "./runtime-errors.ts";

/** A stored run as it would be right after it was resumed. Throws `invalid_transition` where it cannot be. */
export async function resumedState(
  pool: Database["pool"],
  plan: Plan,
  run: { tenantId: string; runId: string },
  now: number,
): Promise<RunState> {
  const stored = await loadRun(pool, run.tenantId, run.runId);
  if (stored === null) throw runNotFound(run.runId);
  const { state } = restoreRun(plan, run, stored);
  if (!isResumable(state)) throw invalidTransition(run.runId, state.status, "running");
  const event = { type: "run.resumed" as const, payload: {} };
  return evolve(plan, state, { ...event, sequence: state.sequence + 1, at: now });
}
