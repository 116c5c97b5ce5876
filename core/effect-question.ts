import type { Approval } from "./approval.ts";
import type { ApprovalRequest } from "./approval-request.ts";
import { jsonChanges } from "./json-changes.ts";
import { isJsonObject, jsonEquals, type Json, type JsonObject } from "./json.ts";

/** What a person may say about a call of which nobody knows whether it happened, besides stopping the step. */
export const DOUBT_OUTCOMES = ["happened", "not_happened"] as const;

/** How an approved call of which the lineage has a record is carried out. */
export const REPLAY_CHOICES = ["execute", "use_recorded_result"] as const;
export type ReplayChoice = (typeof REPLAY_CHOICES)[number];

/** A question about an effect that nobody answers ends its step after so long. */
const EXPIRES_AFTER_MS = 7 * 24 * 60 * 60 * 1000;

/** The effect that is asked about, and the call that would be made. */
export type EffectInQuestion = { effectId: string; capabilityId: string; request: JsonObject };

/**
 * Asks what became of a call (`contract.md` §7, kind `in_doubt`). Whoever approves says it by an edit: `outcome`, and
 * with `happened` the `result`; a denial stops the step.
 */
export function doubtRequest(effect: EffectInQuestion, why: string, now: number): ApprovalRequest {
  return {
    ...TERMS,
    kind: "in_doubt",
    eligible: DOUBT_ELIGIBLE,
    payload: { ...subjectOf(effect), outcome: null, result: null },
    form_schema: {
      type: "object",
      required: ["outcome"],
      properties: {
        outcome: {
          title: "What became of the call",
          oneOf: [
            { const: "happened", title: "It happened" },
            { const: "not_happened", title: "It did not happen" },
          ],
        },
        result: { type: ["object", "null"] },
      },
    },
    reason: why,
    expires_at: new Date(now + EXPIRES_AFTER_MS).toISOString(),
    on_expiry: "fail",
  };
}

/** Asks whether a call that the lineage has made before is made again (kind `replay`), showing how it differs. */
export function replayRequest(
  effect: EffectInQuestion,
  recordedRequest: JsonObject | null,
  why: string,
): ApprovalRequest {
  const choice: ReplayChoice = "execute";
  return {
    ...TERMS,
    kind: "replay",
    payload: { ...subjectOf(effect), recorded_request: recordedRequest, choice },
    form_schema: {
      type: "object",
      required: ["choice", "request"],
      properties: {
        choice: {
          title: "What is done",
          oneOf: [
            { const: "execute", title: "Make the call again" },
            { const: "use_recorded_result", title: "Use the recorded result" },
          ],
        },
        request: { title: "What is sent if the call is made", type: "object" },
      },
    },
    reason: why,
    on_expiry: "deny",
    ...(recordedRequest === null ? {} : { changes: jsonChanges(recordedRequest, effect.request) }),
  };
}

/** Who may say what became of a call: whoever runs the place can look at the provider. */
export const DOUBT_ELIGIBLE = { roles: ["approver", "operator"], users: [], groups: [] };

const TERMS = {
  risk: "high",
  eligible: { roles: ["approver"], users: [], groups: [] },
  quorum: 1,
  forbid_self_approval: false,
} as const satisfies Partial<Record<keyof ApprovalRequest, Json>>;

function subjectOf({ effectId, capabilityId, request }: EffectInQuestion): JsonObject {
  return { effect_id: effectId, capability_id: capabilityId, request };
}

/** The effect that a question of these kinds is about; null for other questions. */
export function effectAskedAbout(approval: Approval | undefined): string | null {
  if (approval?.kind !== "in_doubt" && approval?.kind !== "replay") return null;
  const { effect_id: effectId } = approval.payload;
  return typeof effectId === "string" ? effectId : null;
}

/** The request of the call that a question of these kinds is about; null for other questions. */
export function askedCallOf({
  kind,
  payload,
}: Pick<Approval, "kind" | "payload">): JsonObject | null {
  if (kind !== "in_doubt" && kind !== "replay") return null;
  const { request } = payload;
  return isJsonObject(request) ? request : null;
}

/** What was said about an effect in doubt; null where nobody has said it. */
export type DoubtAnswer = SettledDoubt | { outcome: "stop" };

/** What became of a call after all. */
export type SettledDoubt =
  { outcome: "happened"; result: JsonObject } | { outcome: "not_happened" };

/** What people said in answer to a question of kind `in_doubt`; null where they have not, or were asked something else. */
export function doubtAnswerOf(approval: Approval | undefined): DoubtAnswer | null {
  if (approval?.kind !== "in_doubt") return null;
  if (approval.status === "denied") return { outcome: "stop" };
  return approval.status === "approved" ? readDoubt(approval.payload) : null;
}

function readDoubt({ outcome, result }: JsonObject): DoubtAnswer | null {
  if (outcome === "not_happened") return { outcome };
  return outcome === "happened" && isJsonObject(result) ? { outcome, result } : null;
}

/** How people want an approved call of kind `replay` carried out; null where they were asked about something else. */
export function replayAnswerOf(
  approval: Approval | undefined,
  call: { effectId: string; request: JsonObject },
): ReplayChoice | null {
  if (approval?.kind !== "replay" || approval.status !== "approved") return null;
  const { effect_id: effectId, request, choice } = approval.payload;
  if (effectId !== call.effectId || !jsonEquals(request, call.request)) return null;
  return choice === "use_recorded_result" ? choice : "execute";
}

/** What is wrong with an answer to one of these questions, with its path; null where nothing is. */
export function problemInAnswer(
  approval: Pick<Approval, "kind" | "payload">,
  answer: JsonObject,
): { path: string; problem: string } | null {
  const free = approval.kind === "in_doubt" ? ["outcome", "result"] : ["choice", "request"];
  const fixed = jsonChanges(approval.payload, answer).find(
    ({ path }) => !free.includes(path.split(/[.[]/, 1)[0] ?? ""),
  );
  if (fixed !== undefined) return { path: fixed.path, problem: "is not to be changed" };
  if (approval.kind === "replay") {
    const isKnown = REPLAY_CHOICES.some((choice) => choice === answer["choice"]);
    return isKnown ? null : { path: "choice", problem: `is one of ${REPLAY_CHOICES.join(", ")}` };
  }
  const { outcome, result = null } = answer;
  if (!DOUBT_OUTCOMES.some((known) => known === outcome))
    return { path: "outcome", problem: `is one of ${DOUBT_OUTCOMES.join(", ")}` };
  if (outcome === "happened" && !isJsonObject(result))
    return { path: "result", problem: "is the map of outputs that the call brought" };
  if (outcome === "not_happened" && result !== null)
    return { path: "result", problem: "is null where nothing happened" };
  return null;
}
