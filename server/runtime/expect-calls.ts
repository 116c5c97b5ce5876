import { confirmationOf } from "../../core/confirmation.ts";
import { DomainError } from "../../core/errors.ts";
import { gateDocumentsOf } from "../../core/policy-gate.ts";
import type { PlanSources } from "../../core/plan-sources.ts";
import type { RunOptions } from "../../core/run-events.ts";
import type { CatalogCapability, RegistryCatalog } from "../registry/registry-catalog.ts";
import { createCallRouter, type CallerPlace } from "./catalog-caller.ts";

/** What a plan knows of calls before they are made: found by the very checks that would let them out. */
export function expectCalls(
  catalog: RegistryCatalog,
  place: CallerPlace,
  options: RunOptions,
): PlanSources["prepare"] {
  const router = createCallRouter(catalog, place);
  return (uses, input) => {
    try {
      const { entry } = router.admit(uses, input, options);
      return {
        asksFirst: confirmationOf(entry.capability, place.policy) !== null,
        gates: gateNamesOf(entry),
        replayPolicy: entry.effectContract.replayPolicy,
      };
    } catch (error) {
      if (error instanceof DomainError) return error;
      throw error;
    }
  };
}

function gateNamesOf({ capability }: CatalogCapability): string[] {
  const gates = (["pre_gate", "post_gate"] as const).flatMap((phase) =>
    gateDocumentsOf(capability, phase),
  );
  return [...new Set(gates.map((gate) => (typeof gate === "string" ? gate : gate.capability)))];
}
