import { questionAbout } from "../../core/confirmation.ts";
import { DomainError } from "../../core/errors.ts";
import { isInProcess, judgeBinding } from "../../core/policy-binding.ts";
import type { PolicyDenied } from "../../core/policy-denial.ts";
import { compileGate, gateDocumentsOf, type Gate, type GatePhase } from "../../core/policy-gate.ts";
import { rulesOf, type CapabilityRules, type PolicyQuestion } from "../../core/policy-rules.ts";
import type { CallGates } from "./capability-caller.ts";
import type { ChainLink } from "./invokers/invoke-capability.ts";
import type { NetworkRules } from "./invokers/invoker.ts";

/** What policy says of all calls of one capability over one chain of bindings. */
export type RoutePolicy = {
  rules: CapabilityRules;
  /** Why none of the bindings may be called; null where one may. */
  bindings: PolicyDenied | null;
  gates: CallGates | null;
};

/**
 * Judges a capability and each binding of its chain once, for as long as the route is used. Forbidden bindings keep their
 * place in the chain, marked as not eligible. Null for a capability that no rule restricts.
 */
export function applyPolicy(
  question: PolicyQuestion,
  chain: readonly ChainLink[],
  network: NetworkRules,
): { chain: readonly ChainLink[]; policy: RoutePolicy | null } {
  const rules = rulesOf(question);
  if (rules === null) return { chain, policy: null };
  const judged = chain.map((link) => judgeLink(question, rules, link, network));
  const isCallable = judged.some(({ link }) => link.choice.eligible);
  const denial = judged.find((each) => each.denial !== null)?.denial ?? null;
  return {
    chain: judged.map(({ link }) => link),
    policy: { rules, bindings: isCallable ? null : denial, gates: gatesOf(question) },
  };
}

function judgeLink(
  question: PolicyQuestion,
  rules: CapabilityRules,
  link: ChainLink,
  network: NetworkRules,
): { link: ChainLink; denial: PolicyDenied | null } {
  if (!link.choice.eligible) return { link, denial: null };
  const denial = judgeBinding(question, link.binding, link.service);
  if (denial !== null) {
    const skipReason = `is forbidden here: ${denial.finding.reason}`;
    const choice = { ...link.choice, eligible: false, skipReason, skipCode: denial.code };
    return { link: { ...link, choice }, denial };
  }
  // What the process runs itself is kept inside at the connection; other services were named as inside.
  if (!rules.staysInside || !isInProcess(link.service)) return { link, denial };
  return { link: { ...link, network: { ...network, allowPublic: false } }, denial };
}

function gatesOf({ capability, policy }: PolicyQuestion): CallGates | null {
  const compile = (phase: GatePhase) =>
    gateDocumentsOf(capability, phase).map((document): Gate | DomainError => {
      try {
        return compileGate(document, phase);
      } catch (error) {
        if (error instanceof DomainError) return error;
        throw error;
      }
    });
  const gates = {
    pre: compile("pre_gate"),
    post: compile("post_gate"),
    question: questionAbout(capability, policy, ""),
  };
  return gates.pre.length + gates.post.length === 0 ? null : gates;
}
