import type { Binding } from "./binding.ts";
import { CONFORMANCE_PROFILES, type ConformanceProfile } from "./capability.ts";
import { DomainError, type ErrorCode } from "./errors.ts";

export const SELECTION_SOURCES = [
  "run_choice",
  "environment_activation",
  "environment_preferred",
  "default",
  "only_binding",
  "fallback",
] as const;
export type SelectionSource = (typeof SELECTION_SOURCES)[number];

/** One place in a chain of bindings: why it stands there, and whether it may be called. */
export type BindingChoice = {
  bindingId: string;
  source: SelectionSource;
  reason: string;
  eligible: boolean;
  skipReason?: string;
  /** The error that passing over it is, where that is not `conformance_unmet`. */
  skipCode?: ErrorCode;
};

export type BindingQuestion = {
  capabilityId: string;
  /** Bindings that may implement the capability; those of other capabilities are passed over. */
  bindings: readonly Binding[];
  /** What the run itself chose by capability id. */
  chosen?: Readonly<Record<string, string>>;
  /** Active binding of the environment by capability id. */
  activations: Readonly<Record<string, string>>;
  /** Default binding of the registry by capability id. */
  defaults: Readonly<Record<string, string>>;
  /** Names of environment variables that bindings may use; only whether `OPENAI_API_KEY` is there matters. */
  availableEnv: ReadonlySet<string>;
  requiredConformance: ConformanceProfile;
};

/**
 * The bindings of a capability in the order in which they are to be tried (`origins/orca.md` §3.4–3.5).
 * Ineligible ones keep their place, marked. Throws `invalid_configuration` where nothing can be chosen and
 * `conformance_unmet` where nothing chosen is good enough.
 */
export function selectBindings(question: BindingQuestion): BindingChoice[] {
  const candidates = new Map<string, Binding>();
  for (const binding of question.bindings) {
    if (binding.capability === question.capabilityId) candidates.set(binding.id, binding);
  }
  const primary = choosePrimary(question, candidates);
  const chain = [primary, ...fallbacksOf(primary.binding, question, candidates)];
  const choices = chain.map((link) => toChoice(link, question.requiredConformance));
  if (choices.some((choice) => choice.eligible)) return choices;
  throw new DomainError(
    "conformance_unmet",
    `No binding of ${question.capabilityId} conforms to "${question.requiredConformance}".`,
    {
      hint: "Activate a binding with a higher conformance_profile, or lower what the capability or the request requires.",
      details: {
        capability_id: question.capabilityId,
        required_conformance: question.requiredConformance,
        skipped: choices.map(({ bindingId, skipReason }) => ({
          binding_id: bindingId,
          reason: skipReason ?? "",
        })),
      },
    },
  );
}

type Link = { binding: Binding; source: SelectionSource; reason: string };

function choosePrimary(question: BindingQuestion, candidates: ReadonlyMap<string, Binding>): Link {
  const { capabilityId } = question;
  const all = [...candidates.values()];
  const [first] = all;
  if (first === undefined) throw noBinding(capabilityId);
  const chosenId = ownEntry(question.chosen ?? {}, capabilityId);
  if (chosenId !== undefined) {
    const binding = candidates.get(chosenId);
    if (binding === undefined) throw unknownChoice(capabilityId, chosenId, all);
    return { binding, source: "run_choice", reason: "chosen for this run" };
  }
  const activeId = ownEntry(question.activations, capabilityId);
  if (activeId !== undefined) {
    const binding = candidates.get(activeId);
    if (binding === undefined) throw unknownActivation(capabilityId, activeId, all);
    return { binding, source: "environment_activation", reason: "active in this environment" };
  }
  const preferred = all.length > 1 ? preferredBinding(all, question.availableEnv) : null;
  if (preferred !== null) return preferred;
  const binding = candidates.get(ownEntry(question.defaults, capabilityId) ?? "");
  if (binding !== undefined)
    return { binding, source: "default", reason: "the registry's default" };
  if (all.length > 1) throw undecided(capabilityId, all);
  return { binding: first, source: "only_binding", reason: "the only binding of this capability" };
}

function preferredBinding(all: readonly Binding[], availableEnv: ReadonlySet<string>): Link | null {
  const openai = availableEnv.has("OPENAI_API_KEY")
    ? all.find((binding) => binding.service.includes("openai"))
    : undefined;
  if (openai !== undefined) {
    return {
      binding: openai,
      source: "environment_preferred",
      reason: "OPENAI_API_KEY is available",
    };
  }
  const builtin = all.find((binding) => binding.protocol === "builtin");
  if (builtin === undefined) return null;
  return {
    binding: builtin,
    source: "environment_preferred",
    reason: "the first binding that needs no service",
  };
}

/** Follows `fallback_binding_id` until it repeats or leaves the capability, then appends the default. */
function fallbacksOf(
  primary: Binding,
  question: BindingQuestion,
  candidates: ReadonlyMap<string, Binding>,
): Link[] {
  const seen = new Set([primary.id]);
  const links: Link[] = [];
  let current = primary;
  for (;;) {
    const next = candidates.get(current.metadata.fallback_binding_id ?? "");
    if (next === undefined || seen.has(next.id)) break;
    seen.add(next.id);
    links.push({ binding: next, source: "fallback", reason: `fallback of ${current.id}` });
    current = next;
  }
  const last = candidates.get(ownEntry(question.defaults, question.capabilityId) ?? "");
  if (last !== undefined && !seen.has(last.id)) {
    links.push({
      binding: last,
      source: "fallback",
      reason: "the registry's default, as last resort",
    });
  }
  return links;
}

function toChoice({ binding, source, reason }: Link, required: ConformanceProfile): BindingChoice {
  const actual = binding.metadata.conformance_profile ?? "standard";
  const base = { bindingId: binding.id, source, reason };
  if (rankOf(actual) >= rankOf(required)) return { ...base, eligible: true };
  return {
    ...base,
    eligible: false,
    skipReason: `conforms to "${actual}", "${required}" is required`,
  };
}

function rankOf(profile: ConformanceProfile): number {
  return CONFORMANCE_PROFILES.indexOf(profile);
}

/** A map's own entry, so that an id such as "constructor.name" finds nothing inherited. */
function ownEntry(map: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function noBinding(capabilityId: string): DomainError {
  return new DomainError("invalid_configuration", `Capability ${capabilityId} has no binding.`, {
    hint: `Import a binding file with "capability: ${capabilityId}", then activate it in this environment.`,
    details: { capability_id: capabilityId },
  });
}

function unknownChoice(
  capabilityId: string,
  bindingId: string,
  all: readonly Binding[],
): DomainError {
  return new DomainError("invalid_request", `${bindingId} is no binding of ${capabilityId}.`, {
    hint: `Its bindings are ${all.map((binding) => binding.id).join(", ")}.`,
    details: { field: "bindings", capability_id: capabilityId, binding_id: bindingId },
  });
}

function unknownActivation(
  capabilityId: string,
  bindingId: string,
  all: readonly Binding[],
): DomainError {
  return new DomainError(
    "invalid_configuration",
    `This environment activates ${bindingId} for ${capabilityId}, which is no binding of it.`,
    {
      hint: `Activate one of: ${all.map((binding) => binding.id).join(", ")}.`,
      details: { capability_id: capabilityId, binding_id: bindingId },
    },
  );
}

function undecided(capabilityId: string, all: readonly Binding[]): DomainError {
  return new DomainError(
    "invalid_configuration",
    `Capability ${capabilityId} has ${all.length} bindings and none is active, preferred or the default.`,
    {
      hint: `Activate one of: ${all.map((binding) => binding.id).join(", ")}.`,
      details: { capability_id: capabilityId, bindings: all.map((binding) => binding.id) },
    },
  );
}
