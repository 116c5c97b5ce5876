import type { EffectResolution } from "./effect-view.ts";

/** What was found out about an effect in doubt, as a sentence without its end. */
export function resolutionWords({ outcome, by, actor }: EffectResolution): string {
  const who = by === "status_probe" ? "The provider" : (actor ?? "A person");
  if (outcome === "happened") return `${who} said that it happened`;
  return outcome === "not_happened"
    ? `${who} said that it did not happen`
    : `${who} stopped the step and left it open`;
}
