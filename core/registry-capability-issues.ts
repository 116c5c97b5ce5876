import type { Capability } from "./capability.ts";
import { checkCompensation } from "./registry-compensation-issues.ts";
import type { DocumentIssue, Pointer } from "./registry-diagnostic.ts";
import { checkSafety } from "./registry-safety-issues.ts";

/** A capability's safety rules and compensation, and the capabilities that it names otherwise and nobody knows. */
export function checkCapability(
  capability: Capability,
  find: (id: string) => Capability | null,
): DocumentIssue[] {
  const unknown = namedCapabilities(capability)
    .filter(({ id }) => find(id) === null)
    .map(({ id, pointer }): DocumentIssue => ({
      severity: "warning",
      code: "unknown_capability",
      pointer,
      message: `Capability ${id} is neither in this import nor in the registry.`,
      hint: "Import it as well, or correct the id.",
    }));
  return [...checkSafety(capability, find), ...checkCompensation(capability, find), ...unknown];
}

function namedCapabilities({
  effect,
  replacement,
  requires,
}: Capability): { id: string; pointer: Pointer }[] {
  const named: { id: string | undefined; pointer: Pointer }[] = [
    { id: effect?.compensation?.capability, pointer: ["effect", "compensation", "capability"] },
    { id: replacement, pointer: ["replacement"] },
    ...(requires ?? []).map((id, index) => ({ id, pointer: ["requires", index] })),
  ];
  return named.flatMap(({ id, pointer }) => (id === undefined ? [] : { id, pointer }));
}
