import type { CallQuestion } from "./approval-request.ts";
import type { Capability } from "./capability.ts";
import type { Policy } from "./policy.ts";

const RISKS = {
  sandbox: "low",
  standard: "medium",
  elevated: "high",
  privileged: "critical",
} as const;

/** How long people have who are asked about a call, where neither its capability nor the policy says: a week. */
export const DEFAULT_APPROVAL_SECONDS = 7 * 24 * 3_600;

type Asking = Pick<Capability, "id" | "safety">;
type AskingPolicy = Pick<Policy, "approval_timeout_seconds">;

/** What a capability with `requires_confirmation` asks people; null for one that may be called without asking. */
export function confirmationOf(capability: Asking, policy: AskingPolicy): CallQuestion | null {
  const { id, safety } = capability;
  if (safety?.requires_confirmation !== true) return null;
  const lasting = safety.reversible === false ? " What it does cannot be undone." : "";
  return questionAbout(capability, policy, `Call ${id}?${lasting}`);
}

/** A question about one call of a capability. The policy's time only shortens the capability's own. */
export function questionAbout(
  { safety }: Asking,
  { approval_timeout_seconds: most }: AskingPolicy,
  reason: string,
): CallQuestion {
  const own = safety?.approval?.timeout_seconds ?? DEFAULT_APPROVAL_SECONDS;
  return {
    risk: RISKS[safety?.trust_level ?? "standard"],
    reason,
    timeoutMs: Math.min(own, most ?? own) * 1_000,
    on_expiry: safety?.approval?.on_expiry ?? "deny",
  };
}
