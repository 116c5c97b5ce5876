import { stricterTerms } from "../../core/approval-policy.ts";
import { confirmationOf } from "../../core/confirmation.ts";
import { selectBindings } from "../../core/binding-selection.ts";
import { DomainError, invariant } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import { enforceRules } from "../../core/policy-rules.ts";
import type { Policy } from "../../core/policy.ts";
import type { RunOptions } from "../../core/run-events.ts";
import { DEFAULT_TRUST } from "../../core/trust.ts";
import type { CatalogCapability, RegistryCatalog } from "../registry/registry-catalog.ts";
import { compensationIn } from "./compensation-in.ts";
import type { CallContext, CapabilityCaller, PreparedCall } from "./capability-caller.ts";
import { compileContract, type CompiledContract } from "./contract-validation.ts";
import {
  invokeCapability,
  type CapabilityTools,
  type ChainLink,
} from "./invokers/invoke-capability.ts";
import type { NetworkRules } from "./invokers/invoker.ts";
import { probeStatus } from "./invokers/probe-status.ts";
import { applyPolicy, type RoutePolicy } from "./route-policy.ts";

/** Where and for whom calls are made. */
export type CallerPlace = {
  tenantId: string;
  environment: string;
  network: NetworkRules;
  policy: Policy;
  /** Names of environment variables that bindings may refer to. */
  availableEnv: ReadonlySet<string>;
};

type Route = {
  entry: CatalogCapability;
  contract: CompiledContract;
  chain: readonly ChainLink[];
  primary: ChainLink;
  revision: number;
  reason: string;
  policy: RoutePolicy | null;
};

/** Which calls may go out in one place, and how: what those who make calls and those who plan them ask alike. */
export type CallRouter = {
  /** Throws the DomainError with which a call of this input is refused before anybody is asked or called. */
  admit(uses: string, input: JsonObject, options: RunOptions): Route;
  routeTo(uses: string, options: RunOptions): Route;
};

/**
 * Routes calls over one catalog in one place. The choice of bindings and what policy says of them are settled once per
 * capability, required conformance and trust: within one catalog they cannot change.
 */
export function createCallRouter(catalog: RegistryCatalog, place: CallerPlace): CallRouter {
  const routes = new Map<string, Route>();
  let routedFor: RunOptions | null = null;

  function routeTo(uses: string, options: RunOptions): Route {
    // A run's options are one object that does not change; a caller of other runs' options would have other routes.
    if (options !== routedFor) {
      routes.clear();
      routedFor = options;
    }
    const known = routes.get(uses);
    if (known !== undefined) return known;
    const route = findRoute(catalog, place, uses, options);
    routes.set(uses, route);
    return route;
  }

  return {
    routeTo,
    admit(uses, input, options) {
      const route = routeTo(uses, options);
      route.contract.validateInput(input);
      const { entry, policy } = route;
      if (policy !== null) {
        const { tenantId } = place;
        const { bindings, rules } = policy;
        enforceRules(rules, { capabilityId: entry.capability.id, tenantId, input, bindings });
      }
      return route;
    },
  };
}

/** Calls the capabilities of one catalog in one environment under one policy. */
export function createCatalogCaller(
  catalog: RegistryCatalog,
  place: CallerPlace,
  tools: CapabilityTools,
): CapabilityCaller {
  const router = createCallRouter(catalog, place);
  return {
    compensationOf: (capabilityId) => compensationIn(catalog, capabilityId),
    prepare(uses: string, input: JsonObject, options: RunOptions): PreparedCall {
      const route = router.admit(uses, input, options);
      const { entry, primary, policy } = route;
      return {
        capabilityId: entry.capability.id,
        effect: entry.effectContract,
        confirmation: confirmationOf(entry.capability, place.policy),
        bindingId: primary.binding.id,
        bindingRevision: route.revision,
        serviceId: primary.service.id,
        reason: route.reason,
        hasProviderIdempotency: primary.binding.metadata.provider_idempotency === true,
        probe: probeOf(route, input, place, tools),
        gates: policy?.gates ?? null,
        invoke: (context) => invoke(route, input, place, tools, context),
      };
    },
    askedTerms(uses, kind) {
      const own = catalog.capability(uses)?.capability.safety?.approval;
      return stricterTerms(place.policy.approvals[kind], own);
    },
    completeResult(uses, result, options) {
      const { contract, primary } = router.routeTo(uses, options);
      return contract.completeOutput(result, { traceId: "", bindingId: primary.binding.id });
    },
  };
}

function invoke(
  route: Route,
  input: JsonObject,
  place: CallerPlace,
  tools: CapabilityTools,
  context: CallContext,
) {
  return invokeCapability(
    {
      capabilityId: route.entry.capability.id,
      contract: route.contract,
      effectClass: route.entry.effectContract.effectClass,
      chain: route.chain,
      input,
      tenantId: place.tenantId,
      environment: place.environment,
      runId: context.runId,
      stepPath: context.stepPath,
      traceId: context.traceId,
      traceparent: context.traceparent,
      idempotencyKey: context.idempotencyKey,
      network: place.network,
      timeoutMs: context.timeoutMs,
      signal: context.signal,
    },
    tools,
  );
}

/** Which binding calls of a capability take first, and why it is passed over where it is. Throws where none can be. */
export function findPrimaryBinding(
  catalog: RegistryCatalog,
  place: CallerPlace,
  uses: string,
  options: RunOptions,
): { bindingId: string; revision: number; first: ChainLink["choice"] } {
  const { primary, revision, chain } = findRoute(catalog, place, uses, options);
  return {
    bindingId: primary.binding.id,
    revision,
    first: chain[0]?.choice ?? primary.choice,
  };
}

/** Only where every binding that may have been called leads to the service that is asked. */
function probeOf(
  route: Route,
  input: JsonObject,
  place: CallerPlace,
  tools: CapabilityTools,
): PreparedCall["probe"] {
  const { primary, chain, entry, contract } = route;
  const probe = primary.binding.status_probe;
  if (probe === undefined) return null;
  const isOneService = chain.every(
    ({ choice, service }) => !choice.eligible || service.id === primary.service.id,
  );
  if (!isOneService) return null;
  const { tenantId, environment, network } = place;
  const subject = { capabilityId: entry.capability.id, contract, input };
  return (context) =>
    probeStatus({ ...context, ...subject, tenantId, environment, network }, primary, probe, tools);
}

function findRoute(
  catalog: RegistryCatalog,
  place: CallerPlace,
  uses: string,
  options: RunOptions,
): Route {
  const entry = catalog.capability(uses);
  if (entry === null) {
    throw new DomainError("invalid_configuration", `The registry has no capability ${uses}.`, {
      hint: "Import it, or correct the step's `uses`.",
      details: { capability_id: uses },
    });
  }
  const { capability } = entry;
  const bindings = catalog.bindingsOf(capability.id);
  const choices = selectBindings({
    capabilityId: capability.id,
    bindings: bindings.map(({ binding }) => binding),
    ...(options.bindings === undefined ? {} : { chosen: options.bindings }),
    activations: {},
    defaults: catalog.defaults(place.environment),
    availableEnv: place.availableEnv,
    requiredConformance:
      options.required_conformance_profile ??
      capability.metadata.required_conformance_profile ??
      capability.properties.required_conformance_profile ??
      "experimental",
  });
  const links = choices.map((choice): ChainLink => {
    const binding = bindings.find(
      (candidate) => candidate.binding.id === choice.bindingId,
    )?.binding;
    const service = binding === undefined ? null : catalog.service(binding.service);
    if (binding === undefined || service === null) {
      throw new DomainError(
        "invalid_configuration",
        `Binding ${choice.bindingId} of ${capability.id} points at a service that the registry does not have.`,
        { hint: "Import the service.", details: { binding_id: choice.bindingId } },
      );
    }
    return { choice, binding, service: service.service };
  });
  const question = {
    capability,
    effectClass: entry.effectContract.effectClass,
    trust: options.trust_level ?? DEFAULT_TRUST,
    policy: place.policy,
  };
  const { chain, policy } = applyPolicy(question, links, place.network);
  const primary = chain.find((link) => link.choice.eligible) ?? chain[0];
  invariant(primary !== undefined, "a chain of bindings is never empty");
  return {
    entry,
    contract: compileContract(capability),
    chain,
    primary,
    revision: catalog.binding(primary.binding.id)?.revision ?? 1,
    reason: primary.choice.reason,
    policy,
  };
}
