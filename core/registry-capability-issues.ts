import type { Capability } from "./capability.ts";
import type { DocumentIssue, Pointer } from "./registry-diagnostic.ts";

/** Capabilities that a capability names (gates, compensation, replacement, requirements) and that nobody knows. */
export function checkCapability(
  capability: Capability,
  isKnown: (id: string) => boolean,
): DocumentIssue[] {
  return namedCapabilities(capability)
    .filter(({ id }) => !isKnown(id))
    .map(({ id, pointer }) => ({
      severity: "warning",
      code: "unknown_capability",
      pointer,
      message: `Capability ${id} is neither in this import nor in the registry.`,
      hint: "Import it as well, or correct the id.",
    }));
}

function namedCapabilities({
  safety,
  effect,
  replacement,
  requires,
}: Capability): { id: string; pointer: Pointer }[] {
  const gates = (["mandatory_pre_gates", "mandatory_post_gates"] as const).flatMap((key) =>
    (safety?.[key] ?? []).map((gate, index) => ({
      id: typeof gate === "string" ? gate : gate.capability,
      pointer: ["safety", key, index],
    })),
  );
  const named: { id: string | undefined; pointer: Pointer }[] = [
    ...gates,
    { id: effect?.compensation?.capability, pointer: ["effect", "compensation", "capability"] },
    { id: replacement, pointer: ["replacement"] },
    ...(requires ?? []).map((id, index) => ({ id, pointer: ["requires", index] })),
  ];
  return named.flatMap(({ id, pointer }) => (id === undefined ? [] : { id, pointer }));
}
