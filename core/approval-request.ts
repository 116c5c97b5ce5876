import { z } from "zod";
import {
  APPROVAL_RISKS,
  type ApprovalTerms,
  type Eligible,
  type GateQuestion,
} from "./approval.ts";
import { EligibleSchema, MAX_QUORUM } from "./approval-policy.ts";
import { EXPIRY_OUTCOMES } from "./capability.ts";
import { parseDuration } from "./duration.ts";
import { DomainError } from "./errors.ts";
import { JsonObjectSchema } from "./field.ts";
import type { JsonObject } from "./json.ts";
import { isSearchableJson } from "./searchable-json.ts";

/** Who is asked where nobody is named. */
const DEFAULT_ROLES = ["approver"];

const RequestSchema = z.strictObject({
  reason: z.string().trim().min(1).max(2_000).default("A person decides before the run goes on."),
  payload: JsonObjectSchema.nullish().transform((payload) => payload ?? {}),
  form_schema: JsonObjectSchema.nullish(),
  approvers: EligibleSchema.nullish().transform(
    (approvers) => approvers ?? { roles: [], users: [], groups: [] },
  ),
  quorum: z.int().min(1).max(MAX_QUORUM).default(1),
  forbid_self_approval: z.boolean().default(false),
  risk: z.enum(APPROVAL_RISKS).default("medium"),
  timeout_seconds: z.union([z.number().positive(), z.string()]).nullish(),
  on_expiry: z.enum(EXPIRY_OUTCOMES).default("deny"),
});

/** The names that a step's `input` may have. */
export const APPROVAL_INPUTS: readonly string[] = Object.keys(RequestSchema.shape);

/** An approval as a step asks for it: what is hashed is not settled here. */
export type ApprovalRequest = Omit<ApprovalTerms, "payload_hash">;

/** Reads the resolved input of a `wait.approval` step. Throws `invalid_request` naming each input that is wrong. */
export function parseApprovalRequest(
  stepId: string,
  input: JsonObject,
  now: number,
): ApprovalRequest {
  const parsed = RequestSchema.safeParse(input);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => ({
      path: path.join("."),
      message,
    }));
    const [first] = problems;
    throw wrong(stepId, `${first?.path ?? "input"}: ${first?.message ?? "is wrong"}`, problems);
  }
  const { approvers, timeout_seconds: timeout, form_schema: schema, ...rest } = parsed.data;
  const { reason } = rest;
  if (!isSearchableJson({ reason, ...approvers })) {
    throw wrong(stepId, "the reason or an approver holds a character that cannot be stored", []);
  }
  return {
    kind: "form",
    ...rest,
    ...(schema === null || schema === undefined ? {} : { form_schema: schema }),
    eligible: withDefault(approvers),
    ...(timeout === null || timeout === undefined
      ? {}
      : { expires_at: new Date(now + parseDuration(timeout)).toISOString() }),
  };
}

function withDefault(eligible: Eligible): Eligible {
  const { roles, users, groups } = eligible;
  const isNobody = roles.length + users.length + groups.length === 0;
  return isNobody ? { roles: [...DEFAULT_ROLES], users: [], groups: [] } : eligible;
}

function wrong(stepId: string, what: string, problems: { path: string; message: string }[]) {
  return new DomainError("invalid_request", `wait.approval of step ${stepId}: ${what}`, {
    hint: `Its input takes ${APPROVAL_INPUTS.join(", ")}.`,
    details: { step_id: stepId, problems },
  });
}

/** What people are told of a call, whoever asks: how much is at stake, and what becomes of it if nobody answers. */
export type CallQuestion = Pick<ApprovalTerms, "risk" | "reason" | "on_expiry"> & {
  /** Null for as long as it takes. */
  timeoutMs: number | null;
};

/** What a capability that requires confirmation asks before it is called with exactly this input. */
export function confirmationRequest(
  input: JsonObject,
  question: CallQuestion,
  now: number,
): ApprovalRequest {
  return { kind: "confirmation", payload: input, ...questionTerms(question, now) };
}

/** What gates ask that leave it to people: of the input before the call, of the output after it. */
export function gateRequest(
  payload: JsonObject,
  gate: GateQuestion,
  question: CallQuestion,
  now: number,
): ApprovalRequest {
  return { kind: "gate", payload, gate, ...questionTerms(question, now) };
}

function questionTerms({ timeoutMs, ...question }: CallQuestion, now: number) {
  return {
    ...question,
    eligible: { roles: [...DEFAULT_ROLES], users: [], groups: [] },
    quorum: 1,
    forbid_self_approval: false,
    ...(timeoutMs === null ? {} : { expires_at: new Date(now + timeoutMs).toISOString() }),
  };
}
