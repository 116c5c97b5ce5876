import type { ApprovalRisk } from "./approval.ts";
import type { Capability } from "./capability.ts";

const RISKS = {
  sandbox: "low",
  standard: "medium",
  elevated: "high",
  privileged: "critical",
} as const;

/** What a capability with `requires_confirmation` asks people; null for one that may be called without asking. */
export function confirmationOf({
  id,
  safety,
}: Pick<Capability, "id" | "safety">): { risk: ApprovalRisk; reason: string } | null {
  if (safety?.requires_confirmation !== true) return null;
  const lasting = safety.reversible === false ? " What it does cannot be undone." : "";
  return {
    risk: RISKS[safety.trust_level],
    reason: `Call ${id}?${lasting}`,
  };
}
