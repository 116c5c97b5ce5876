import type { StepDocument } from "./skill.ts";

/** The targets of a scatter with their aliases: an explicit `as`, or the id with its dots and colons made underscores. */
export function scatterTargets(
  scatter: StepDocument["config"]["scatter"],
): { alias: string; uses: string }[] {
  return (scatter?.capabilities ?? []).map((target) =>
    typeof target === "string"
      ? { alias: target.replaceAll(".", "_").replaceAll(":", "_"), uses: target }
      : { alias: target.as, uses: target.uses },
  );
}
