import type { Binding, Service } from "./binding.ts";
import { PolicyDenied, type PolicyRule } from "./policy-denial.ts";
import type { PolicyQuestion } from "./policy-rules.ts";
import { namesService } from "./policy.ts";

/** Why policy keeps a capability from one of its bindings; null where it does not. */
export function judgeBinding(
  { capability, policy }: PolicyQuestion,
  binding: Binding,
  service: Service,
): PolicyDenied | null {
  const targets = capability.safety?.allowed_targets ?? [];
  const constraints = capability.safety?.scope_constraints ?? [];
  const isInside = isInProcess(service) || namesService(policy.internal_services, service.id);
  const isSandboxed = isInProcess(service) || namesService(policy.sandboxed_services, service.id);
  const isApproved = namesService(policy.approved_connectors, service.id);
  const deny = (rule: PolicyRule, code: "target_denied" | "scope_denied", is: string, to: string) =>
    new PolicyDenied(
      code,
      {
        rule,
        outcome: "blocked",
        reason: `binding ${binding.id} leads to service ${service.id}, which ${is}`,
        capability_id: capability.id,
        may_override: ["admin"],
      },
      `Choose another binding, or name the service in the environment's ${to}.`,
      { binding_id: binding.id, service_id: service.id },
    );
  if (targets.includes("internal_only") && !isInside)
    return deny("allowed_targets", "target_denied", "is not inside", "internal_services");
  if (targets.includes("approved_connectors") && !isApproved)
    return deny(
      "allowed_targets",
      "target_denied",
      "is not an approved connector",
      "approved_connectors",
    );
  if (constraints.includes("no_external_network") && !isInside)
    return deny("scope_constraints", "scope_denied", "is not inside", "internal_services");
  const needsSandbox = ["sandboxed_execution", "ephemeral_only"].some((each) =>
    constraints.includes(each),
  );
  if (needsSandbox && !isSandboxed)
    return deny("scope_constraints", "scope_denied", "is no known sandbox", "sandboxed_services");
  return null;
}

/** True for what runs inside this process, behind its own network guard and in its own folder. */
export function isInProcess(service: Service): boolean {
  return (
    service.kind === "builtin" || (service.kind === "mcp" && typeof service.server === "string")
  );
}
