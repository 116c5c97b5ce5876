import {
  approversOf,
  type Approval,
  type DecisionFact,
  type PushBack,
  type Verdict,
} from "./approval.ts";
import { whyNotEligible, type Approver } from "./approver.ts";
import { DomainError } from "./errors.ts";
import { jsonChanges, type JsonChange } from "./json-changes.ts";
import type { Json, JsonObject } from "./json.ts";

/** What somebody answers: to the payload of this hash, and with an edited one or as it is. */
export type Answer = {
  decision: Verdict;
  payload_hash: string;
  payload?: JsonObject;
  comment?: string;
  push_back?: PushBack;
};

/** What this decision needs of the outside: a hash, and whether an edited payload could be used at all (it throws). */
export type PayloadRules = {
  hash: (payload: JsonObject) => string;
  assertUsable: (payload: JsonObject) => void;
};

/**
 * The fact that an answer makes of a pending approval. Throws `approval_not_pending`, `forbidden`, `payload_changed`,
 * or `invalid_request` for an edit. One denial denies, one push back ends the run as well; approvals count for the very payload that they were given to.
 */
export function decideApproval(
  approval: Approval,
  approver: Approver,
  answer: Answer,
  rules: PayloadRules,
): DecisionFact {
  if (approval.status !== "pending") throw notPending(approval.approval_id, approval.status);
  assertEligible(approval, approver);
  if (answer.payload_hash !== approval.payload_hash) throw payloadChanged(approval);
  const changes = editsOf(approval, answer, rules);
  const isRepeated = answer.decision === "approve" && changes.length === 0;
  if (isRepeated && approversOf(approval).includes(approver.actor)) {
    throw notPending(approval.approval_id, "approved by you already");
  }
  const payload = changes.length === 0 ? undefined : answer.payload;
  const payloadHash = payload === undefined ? approval.payload_hash : rules.hash(payload);
  const { comment, decision, push_back: pushBack } = answer;
  const before = approversOf({ decisions: approval.decisions, payload_hash: payloadHash });
  const count = new Set([...before, approver.actor]).size;
  return {
    approval_id: approval.approval_id,
    approver: approver.actor,
    name: approver.name,
    decision,
    status: ENDS_AS[decision] ?? (count >= approval.quorum ? "approved" : "pending"),
    payload_hash: payloadHash,
    ...(payload === undefined ? {} : { payload, changes }),
    ...(comment === undefined ? {} : { comment }),
    ...(pushBack === undefined ? {} : { push_back: pushBack }),
  };
}

/** What an approval is after one such answer, whatever its quorum; approvals are counted. */
const ENDS_AS = { approve: null, deny: "denied", push_back: "pushed_back" } as const;

/** Throws `forbidden` with the reason where somebody may not decide. */
export function assertEligible(approval: Approval, approver: Approver): void {
  const reason = whyNotEligible(approval, approver);
  if (reason === null) return;
  throw new DomainError("forbidden", reason, {
    hint: "Ask one of them to decide.",
    details: { approval_id: approval.approval_id, eligible: approval.eligible },
  });
}

/** The refusal of an answer that comes too late. */
export function notPending(approvalId: string, status: string): DomainError {
  return new DomainError("approval_not_pending", `Approval ${approvalId} is ${status}.`, {
    hint: "Nothing is left to decide; look at its decisions.",
    details: { approval_id: approvalId, status },
  });
}

/** The refusal of an answer to a payload that does not stand any more; `payload_hash` is that of the one that does. */
export function payloadChanged({
  approval_id: id,
  payload_hash: hash,
}: Pick<Approval, "approval_id" | "payload_hash">): DomainError {
  return new DomainError("payload_changed", `The payload of approval ${id} is another one now.`, {
    hint: "Look at it again, and decide with its current payload_hash.",
    details: { approval_id: id, payload_hash: hash },
  });
}

function editsOf(
  approval: Approval,
  { decision, payload, comment }: Answer,
  rules: PayloadRules,
): JsonChange[] {
  if (decision !== "approve") {
    if (comment === undefined || comment.trim() === "") {
      const what =
        decision === "push_back"
          ? "A push back needs a comment"
          : approval.kind === "in_doubt"
            ? "Stopping the step needs a comment"
            : "A denial needs a reason";
      throw new DomainError("invalid_request", `${what}.`, { hint: "Say in `comment` why." });
    }
    return [];
  }
  if (payload === undefined) return [];
  const changes = jsonChanges(approval.payload, payload);
  if (changes.length === 0) return [];
  const problems = typeProblems(changes);
  const [first] = problems;
  if (first !== undefined) {
    throw new DomainError(
      "invalid_request",
      `An edit keeps types, and ${first.path} ${first.problem}.`,
      {
        hint: "Change values, not what kind of value they are.",
        details: { problems },
      },
    );
  }
  rules.assertUsable(payload);
  return changes;
}

/** Where an edit turns a value into one of another type. What was null may become anything. */
export function typeProblems(changes: readonly JsonChange[]): { path: string; problem: string }[] {
  return changes.flatMap(({ path, kind, before = null, after = null }) => {
    if (kind !== "changed" || before === null || typeOf(before) === typeOf(after)) return [];
    return [{ path, problem: `was ${typeOf(before)} and would be ${typeOf(after)}` }];
  });
}

function typeOf(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a map" : `a ${typeof value}`;
}
