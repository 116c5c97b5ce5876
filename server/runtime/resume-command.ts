import { z } from "zod";
import { REPLAY_POLICIES } from "../../core/capability.ts";
import { deadline } from "../../core/decide.ts";
import { isResumable, resumeRefusal } from "../../core/resumable.ts";
import { planOutdated } from "./runtime-errors.ts";
import { isTerminal } from "../../core/run.ts";
import { recordFacts, type RunSession } from "./run-session.ts";
import type { OpenCommand, ResumeTerms } from "./run-world.ts";

const PayloadSchema = z.object({
  reason: z.string().optional(),
  overrides: z.record(z.string(), z.enum(REPLAY_POLICIES)).optional(),
  plan_hash: z.string().optional(),
});

/**
 * Finds out on what terms a run goes on: today's policy, and the plan where the command names one. Asks again as long as the
 * run itself moves meanwhile, so that the terms are those of its last event. Null where the lease is lost.
 */
export async function findResumeTerms(
  session: RunSession,
  { payload }: OpenCommand,
): Promise<ResumeTerms | null> {
  const { history, world } = session;
  const { overrides = {}, plan_hash: planHash } = PayloadSchema.parse(payload);
  for (;;) {
    if (!isResumable(history.state)) throw resumeRefusal(history.state);
    if (!(await history.durable())) return null;
    const { sequence } = history.state;
    const terms = await world.findResumeTerms(history, {
      overrides,
      isPlanned: planHash !== undefined,
    });
    if (history.state.sequence !== sequence) continue;
    if (planHash !== undefined && terms.planHash !== planHash) throw planOutdated(terms.planHash);
    return terms;
  }
}

/** Lets the run go on, on the terms that were found for its last event. */
export function applyResume(session: RunSession, command: OpenCommand, terms: ResumeTerms): void {
  const { history, world } = session;
  const { plan, state } = history;
  if (!isResumable(state)) throw resumeRefusal(state);
  const { reason, overrides } = PayloadSchema.parse(command.payload);
  // It may come by its own calls again, also where this copy was loaded before anybody thought of resuming it.
  if (isTerminal(state.status)) history.shareLineage();
  // A pause stops no clock; what had ended or not begun gets its time anew.
  const until = state.status === "paused" ? {} : deadline(plan, state, world.now());
  const { policyHash } = terms;
  recordFacts(session, [
    {
      type: "run.resumed",
      payload: {
        ...(reason === undefined ? {} : { reason }),
        ...until,
        ...(overrides === undefined ? {} : { overrides }),
        ...(policyHash === state.policyHash ? {} : { policy_hash: policyHash }),
      },
      ...(command.actor === null ? {} : { actor: command.actor }),
    },
  ]);
  world.caller = terms.caller;
  history.applyCommand(command.commandId);
}
