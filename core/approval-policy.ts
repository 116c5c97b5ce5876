import { z } from "zod";
import type { ApprovalKind, Eligible } from "./approval.ts";

/** The questions that the runtime raises itself; a `wait.approval` says for itself whom it asks. */
const RUNTIME_QUESTIONS = ["confirmation", "gate", "replay", "in_doubt"] as const;
export type RuntimeQuestion = (typeof RUNTIME_QUESTIONS)[number];

/** True for a kind of question of which the policy says who decides it. */
export function isRuntimeQuestion(kind: ApprovalKind): kind is RuntimeQuestion {
  return RUNTIME_QUESTIONS.some((each) => each === kind);
}

/** More people than this are never asked for. */
export const MAX_QUORUM = 20;

export const NamesSchema = z.array(z.string().trim().min(1).max(200)).max(100).default([]);

/** Roles, users (ids or e-mail addresses) and groups, as documents name them. */
export const EligibleSchema = z.strictObject({
  roles: NamesSchema,
  users: NamesSchema,
  groups: NamesSchema,
});

/** Who decides: what is left out is not restricted. */
export const AskedTermsSchema = z.strictObject({
  /** Nobody else decides. Null restricts nothing; three empty lists leave it to nobody. */
  eligible: EligibleSchema.nullable().exactOptional(),
  quorum: z.int().min(1).max(MAX_QUORUM).exactOptional(),
  forbid_self_approval: z.boolean().exactOptional(),
});
/** `replaces_default` is said of a source by us, never by itself: its names take the place of who is asked by default. */
export type AskedTermsSource = z.output<typeof AskedTermsSchema> & { replaces_default?: boolean };

/** What a source of policy says of these questions: of all of them and, in its place, of one kind. */
export const ApprovalPolicySourceSchema = AskedTermsSchema.extend({
  confirmation: AskedTermsSchema.exactOptional(),
  gate: AskedTermsSchema.exactOptional(),
  replay: AskedTermsSchema.exactOptional(),
  in_doubt: AskedTermsSchema.exactOptional(),
});
export type ApprovalPolicySource = AskedTermsSource & {
  [Kind in RuntimeQuestion]?: AskedTermsSource;
};

const MergedTermsSchema = AskedTermsSchema.required().extend({
  /** A tenant or an environment has named somebody; what skills and capabilities name only narrows the default. */
  replaces_default: z.boolean().default(false),
});

/** Who decides, with nothing left open; `eligible` is null where whoever the question itself names decides. */
export type AskedTerms = z.output<typeof MergedTermsSchema>;

/** The merged say of all sources, by kind. */
export const ApprovalPolicySchema = z.strictObject({
  confirmation: MergedTermsSchema,
  gate: MergedTermsSchema,
  replay: MergedTermsSchema,
  in_doubt: MergedTermsSchema,
});
export type ApprovalPolicy = z.output<typeof ApprovalPolicySchema>;

const ANYBODY: AskedTerms = {
  eligible: null,
  quorum: 1,
  forbid_self_approval: false,
  replaces_default: false,
};
const NOBODY: AskedTerms = {
  eligible: { roles: [], users: [], groups: [] },
  quorum: MAX_QUORUM,
  forbid_self_approval: true,
  replaces_default: true,
};

/** Restricts nothing. */
export const ANY_APPROVALS: ApprovalPolicy = ofEach(() => ANYBODY);

/** Has nobody decide: what holds where no policy can be read. */
export const NO_APPROVALS: ApprovalPolicy = ofEach(() => NOBODY);

/** The merged policy and one more source of it, of which the stricter holds in each member of each kind. */
export function stricterApprovals(
  policy: ApprovalPolicy,
  source: ApprovalPolicySource = {},
): ApprovalPolicy {
  const { confirmation, gate, replay, in_doubt, ...all } = source;
  const own = { confirmation, gate, replay, in_doubt };
  return ofEach((kind) => stricterTerms(policy[kind], { ...all, ...own[kind] }));
}

/** What those say who run the place (tenant, environment): whom it names decides in place of the default. */
export function replacingDefault(source: ApprovalPolicySource): ApprovalPolicySource {
  return { ...source, replaces_default: true };
}

/**
 * The larger quorum, a ban on self-approval, and of those who are named the names that both name: roles by roles, users
 * by users, groups by groups, so that nobody decides whom one of the two leaves out. Nothing in common leaves nobody.
 */
export function stricterTerms(terms: AskedTerms, source: AskedTermsSource = {}): AskedTerms {
  const eligible = source.eligible ?? null;
  return {
    eligible: namedByBoth(terms.eligible, eligible),
    quorum: Math.max(terms.quorum, source.quorum ?? 1),
    forbid_self_approval: terms.forbid_self_approval || source.forbid_self_approval === true,
    replaces_default:
      terms.replaces_default || (eligible !== null && source.replaces_default === true),
  };
}

/**
 * A question with its own terms, restricted. Whom a place names decides in place of who is asked by default; whom only
 * skills and capabilities name has to hold a role of the default as well, so that nobody who writes one names themselves.
 */
export function restrictedTo<
  Question extends { eligible: Eligible; quorum: number; forbid_self_approval: boolean },
>(question: Question, terms: AskedTerms): Question {
  const { eligible, quorum, forbid_self_approval, replaces_default: isReplaced } = terms;
  return {
    ...question,
    eligible:
      eligible === null || isReplaced
        ? (eligible ?? question.eligible)
        : narrowed(question.eligible, eligible),
    quorum: Math.max(question.quorum, quorum),
    forbid_self_approval: question.forbid_self_approval || forbid_self_approval,
  };
}

/** Of those who are named, who holds one of the roles that are asked by default; such roles alone need no more. */
function narrowed({ roles: required }: Eligible, named: Eligible): Eligible {
  const { roles, users, groups } = named;
  const isWithin = users.length + groups.length === 0 && roles.every((r) => required.includes(r));
  return isWithin ? named : { ...named, required_roles: required };
}

function namedByBoth(a: Eligible | null, b: Eligible | null): Eligible | null {
  if (a === null || b === null) return a === null && b === null ? null : sorted(a ?? b);
  const both = (one: readonly string[], other: readonly string[]) =>
    one.filter((name) => other.includes(name));
  return sorted({
    roles: both(a.roles, b.roles),
    users: both(a.users, b.users),
    groups: both(a.groups, b.groups),
  });
}

/** Sorted and without repetitions, so that equal policies have equal texts. */
function sorted(eligible: Eligible | null): Eligible | null {
  if (eligible === null) return null;
  const tidy = (names: readonly string[]) => [...new Set(names)].toSorted();
  const { roles, users, groups } = eligible;
  return { roles: tidy(roles), users: tidy(users), groups: tidy(groups) };
}

function ofEach(terms: (kind: RuntimeQuestion) => AskedTerms): ApprovalPolicy {
  return {
    confirmation: terms("confirmation"),
    gate: terms("gate"),
    replay: terms("replay"),
    in_doubt: terms("in_doubt"),
  };
}
