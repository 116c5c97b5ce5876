import { setTimeout as sleep } from "node:timers/promises";
import {
  doubtAnswerOf,
  effectAskedAbout,
  replayAnswerOf,
  type SettledDoubt,
} from "../../core/effect-question.ts";
import { toErrorRecord } from "../../core/errors.ts";
import { approvalAt } from "../../core/fold-approval.ts";
import { effectIdOf, placeOfEffect } from "../../core/ids.ts";
import type { JsonObject } from "../../core/json.ts";
import { decideByLedger, type LedgerDecision } from "../../core/ledger-decision.ts";
import { replayPolicyOf } from "../../core/replay-policy.ts";
import type { EventPayloads, NewEvent } from "../../core/run-events.ts";
import type { FoundEffect } from "../database/effect-repository.ts";
import type { CallAttempt } from "./call-attempt.ts";
import { DEFAULT_STEP_TIMEOUT_MS, EARLIER_CALL_LOOK_MS } from "./durations.ts";
import { reexecutionKey, type EffectAttempt } from "./effect-facts.ts";
import { askAboutDoubt, askAboutReplay, askForResult } from "./effect-question.ts";
import { probed, pursueDoubt } from "./in-doubt.ts";
import { recordFacts, type RunSession } from "./run-session.ts";
import { completeStep, failAttempt } from "./step-outcome.ts";

/** Lets a call go out after all, as a new record, except for what is said of it here. */
export type Execute = (
  record: Partial<
    Pick<EffectAttempt, "effect_id" | "attempts" | "idempotency_key" | "may_have_happened">
  >,
) => void;

/** What the ledger holds under the key of a call, and what that means for it. */
type Earlier = {
  found: FoundEffect;
  decision: LedgerDecision;
  /** What was asked for then; read only where people are to see it. */
  request: JsonObject | null;
};

/**
 * Looks the call's key up before it is announced. What happened before in the lineage is reused, made again or asked about
 * as `decideByLedger` says; `execute` is called where the call is to be made.
 */
export function reuseOrExecute(
  session: RunSession,
  attempt: CallAttempt,
  effect: EffectAttempt,
  execute: Execute,
): void {
  const { ref, step, key } = attempt;
  const waiting = session.calls.begin(key);
  const take = (work: () => void) =>
    session.turn(() => {
      session.calls.end(key);
      // Where the process stops, the next owner begins here again.
      if (session.isHeld) return;
      if (!waiting.isAborted && session.stop === null) work();
      else
        recordFacts(session, [
          { type: "step.canceled", payload: { ...ref, reason: "the run was stopped" } },
        ]);
    });
  lookUp(session, attempt, effect, () => waiting.isAborted).then(
    (earlier) =>
      take(() =>
        earlier === null ? execute({}) : applyEarlier(session, attempt, effect, earlier, execute),
      ),
    (error: unknown) =>
      take(() =>
        failAttempt(session, step, { ref, attempt: attempt.attempt, error: toErrorRecord(error) }),
      ),
  );
}

/** Reads the ledger; waits for a call that another run of the lineage is making just now, as long as a call may take. */
async function lookUp(
  session: RunSession,
  { ref, input, step }: CallAttempt,
  effect: EffectAttempt,
  isAborted: () => boolean,
): Promise<Earlier | null> {
  const { world, history } = session;
  const { tenantId } = history.state;
  const find = async () => {
    const found = await world.findLiveEffect(tenantId, effect.idempotency_key);
    // What this very effect came to is in the history; its row may be behind.
    return found?.record.effectId === effect.effect_id ? null : found;
  };
  const approval = approvalAt(history.state, ref);
  // What people have said of it may not be in the ledger yet.
  if (effectAskedAbout(approval) !== null) await history.durable();
  let found = await find();
  const answer = doubtAnswerOf(approval);
  const isSettled = answer !== null && answer.outcome !== "stop";
  if (found !== null && isSettled && isInDoubtElsewhere(session, found, approval)) {
    const { decisions = [] } = approval ?? {};
    await world.resolveEffect(found.record.effectId, answer, decisions.at(-1) ?? null);
    found = await find();
  }
  const deadline = performance.now() + (step.timeoutMs ?? DEFAULT_STEP_TIMEOUT_MS);
  while (found?.record.status === "attempted" && !isOwn(session, found)) {
    if (isAborted() || session.isHeld || performance.now() >= deadline) break;
    await sleep(EARLIER_CALL_LOOK_MS);
    found = await find();
  }
  if (found === null) return null;
  const { effectId, status } = found.record;
  const policy = replayPolicyOf({
    ref,
    declared: effect.replay_policy,
    isOwnRecord: isOwn(session, found),
    overrides: history.state.overrides,
  });
  const isOver = () => isAborted() || session.isHeld || performance.now() >= deadline;
  const mayBeUndone = !isOwn(session, found) && (status === "recorded" || status === "compensated");
  const isUndoneSince =
    mayBeUndone && (await world.isUndoneSincePlanned(history.state, { ref, effectId }, isOver));
  const decision = decideByLedger(found.record, effect.request_hash, policy, isUndoneSince);
  const isQuestion = decision.kind === "ask" || decision.kind === "blocked";
  const isAnswered = replayAnswerOf(approval, { effectId, request: input }) !== null;
  const request =
    isQuestion && !isAnswered ? await world.findEffectRequest(tenantId, effectId) : null;
  return { found, decision, request };
}

function isOwn(session: RunSession, { record }: FoundEffect): boolean {
  return placeOfEffect(record.effectId)?.runId === session.history.state.runId;
}

/** Another run's effect about which people have answered here: what they said belongs into that run's history. */
function isInDoubtElsewhere(
  session: RunSession,
  found: FoundEffect,
  approval: Parameters<typeof effectAskedAbout>[0],
): boolean {
  const { effectId, status } = found.record;
  return status !== "recorded" && !isOwn(session, found) && effectAskedAbout(approval) === effectId;
}

function applyEarlier(
  session: RunSession,
  attempt: CallAttempt,
  effect: EffectAttempt,
  { found, decision, request }: Earlier,
  execute: Execute,
): void {
  const { record, output } = found;
  const { effectId } = record;
  const approval = approvalAt(session.history.state, attempt.ref);
  const choice = replayAnswerOf(approval, { effectId, request: attempt.input });
  const makeAgain = () => execute({ idempotency_key: reexecutionKey(found.lastKey) });
  const reuseFound = () => {
    const told = effectAskedAbout(approval) === effectId ? doubtAnswerOf(approval) : null;
    const result = output ?? (told?.outcome === "happened" ? told.result : null);
    if (result !== null) reuse(session, attempt, effect, effectId, result);
    else if (told?.outcome === "not_happened") makeAgain();
    else askForResult(session, attempt, effectId);
  };
  switch (decision.kind) {
    case "execute":
      execute({});
      return;
    case "reexecute":
      makeAgain();
      return;
    case "reuse":
      reuseFound();
      return;
    case "ask":
    case "blocked":
      if (choice === "execute") makeAgain();
      else if (choice !== null) reuseFound();
      else {
        const facts = decision.kind === "ask" ? [] : [blocked(session, effect, decision)];
        askAboutReplay(session, attempt, { effectId, request, why: decision.reason }, facts);
      }
      return;
    case "in_doubt":
      doubt(session, attempt, effect, found, execute);
  }
}

/** Takes the earlier result in place of a call. */
function reuse(
  session: RunSession,
  { ref, step, attempt }: CallAttempt,
  effect: EffectAttempt,
  sourceEffectId: string,
  output: JsonObject,
): void {
  const payload = { ...placed(session, effect), source_effect_id: sourceEffectId };
  const before: NewEvent[] = [{ type: "side_effect.reused", payload }];
  completeStep(session, step, { ref, attempt, output, before });
}

function blocked(
  session: RunSession,
  effect: EffectAttempt,
  { reason, sourceEffectId }: Extract<LedgerDecision, { kind: "blocked" }>,
): NewEvent {
  const payload = { ...placed(session, effect), reason, source_effect_id: sourceEffectId };
  return { type: "side_effect.blocked", payload };
}

/** A record of its own for a call that is not made; named after the next event. */
function placed(
  session: RunSession,
  { attempts: _none, approval_id: _asked, ...place }: EffectAttempt,
): Omit<EventPayloads["side_effect.reused"], "source_effect_id"> {
  const { runId, sequence } = session.history.state;
  return { ...place, effect_id: effectIdOf(runId, sequence + 1) };
}

/**
 * The earlier call has no known outcome. One of this very run, from before it was resumed, goes on as it is; one of another
 * run is settled in that run's history first, and looked up again.
 */
function doubt(
  session: RunSession,
  attempt: CallAttempt,
  effect: EffectAttempt,
  found: FoundEffect,
  execute: Execute,
): void {
  const { ref, step, call } = attempt;
  const { effectId } = found.record;
  const isOwnCall = isOwn(session, found);
  const { idempotencyKey, bindingId } = found;
  const own = {
    effect_id: effectId,
    attempts: found.attempts + 1,
    idempotency_key: idempotencyKey,
  };
  const why = `effect ${effectId} of ${isOwnCall ? "an earlier attempt" : "an earlier run that this one repeats"} has no known outcome.`;
  const settle = (answer: SettledDoubt) =>
    settleElsewhere(session, attempt, { effectId, answer, why }, () =>
      reuseOrExecute(session, attempt, effect, execute),
    );
  pursueDoubt(
    session,
    attempt,
    { effectId, idempotencyKey, bindingId, why },
    {
      happened: (output, receipt) => {
        const before = [probed(attempt, effectId, { output, receipt })];
        if (isOwnCall)
          completeStep(session, step, { ref, attempt: attempt.attempt, output, before });
        else settle({ outcome: "happened", result: output });
      },
      notHappened: () => {
        if (!isOwnCall) settle({ outcome: "not_happened" });
        else {
          recordFacts(session, [probed(attempt, effectId, null)]);
          execute(own);
        }
      },
      // Another run's record holds the key: nothing else may be sent under it.
      resend:
        isOwnCall && call.hasProviderIdempotency
          ? () => execute({ ...own, may_have_happened: true })
          : null,
    },
  );
}

function settleElsewhere(
  session: RunSession,
  attempt: CallAttempt,
  { effectId, answer, why }: { effectId: string; answer: SettledDoubt; why: string },
  lookAgain: () => void,
): void {
  const { key, ref } = attempt;
  const entry = session.calls.begin(key);
  const then = (work: () => void) => () =>
    session.turn(() => {
      session.calls.end(key);
      if (session.isHeld) return;
      if (!entry.isAborted && session.stop === null) work();
      else
        recordFacts(session, [
          { type: "step.canceled", payload: { ...ref, reason: "the run was stopped" } },
        ]);
    });
  const ask = () => askAboutDoubt(session, attempt, effectId, why);
  session.world.resolveEffect(effectId, answer, null).then(then(lookAgain), then(ask));
}
