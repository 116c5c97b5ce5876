import { confirmationOf } from "../../core/confirmation.ts";
import { selectBindings } from "../../core/binding-selection.ts";
import type { ConformanceProfile } from "../../core/capability.ts";
import { DomainError, invariant } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import type { RunOptions } from "../../core/run-events.ts";
import type { CatalogCapability, RegistryCatalog } from "../registry/registry-catalog.ts";
import type { CallContext, CapabilityCaller, PreparedCall } from "./capability-caller.ts";
import { compileContract, type CompiledContract } from "./contract-validation.ts";
import {
  invokeCapability,
  type CapabilityTools,
  type ChainLink,
} from "./invokers/invoke-capability.ts";
import type { NetworkRules } from "./invokers/invoker.ts";

/** Where and for whom calls are made. */
export type CallerPlace = {
  tenantId: string;
  environment: string;
  network: NetworkRules;
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
};

/**
 * Calls the capabilities of one catalog in one environment. The choice of bindings is made once per capability and
 * required conformance: within one catalog it cannot change.
 */
export function createCatalogCaller(
  catalog: RegistryCatalog,
  place: CallerPlace,
  tools: CapabilityTools,
): CapabilityCaller {
  const routes = new Map<string, Route>();

  function routeTo(uses: string, required: ConformanceProfile | undefined): Route {
    const key = required === undefined ? uses : `${required} ${uses}`;
    const known = routes.get(key);
    if (known !== undefined) return known;
    const route = findRoute(catalog, place, uses, required);
    routes.set(key, route);
    return route;
  }

  return {
    prepare(uses: string, input: JsonObject, options: RunOptions): PreparedCall {
      const route = routeTo(uses, options.required_conformance_profile);
      route.contract.validateInput(input);
      const { entry, primary } = route;
      return {
        capabilityId: entry.capability.id,
        effect: entry.effectContract,
        confirmation: confirmationOf(entry.capability),
        bindingId: primary.binding.id,
        bindingRevision: route.revision,
        serviceId: primary.service.id,
        reason: route.reason,
        hasProviderIdempotency: primary.binding.metadata.provider_idempotency === true,
        invoke: (context) => invoke(route, input, place, tools, context),
      };
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

function findRoute(
  catalog: RegistryCatalog,
  place: CallerPlace,
  uses: string,
  required: ConformanceProfile | undefined,
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
    activations: {},
    defaults: catalog.defaults(place.environment),
    availableEnv: place.availableEnv,
    requiredConformance:
      required ??
      capability.metadata.required_conformance_profile ??
      capability.properties.required_conformance_profile ??
      "experimental",
  });
  const chain = choices.map((choice): ChainLink => {
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
  const primary = chain.find((link) => link.choice.eligible) ?? chain[0];
  invariant(primary !== undefined, "a chain of bindings is never empty");
  return {
    entry,
    contract: compileContract(capability),
    chain,
    primary,
    revision: catalog.binding(primary.binding.id)?.revision ?? 1,
    reason: primary.choice.reason,
  };
}
