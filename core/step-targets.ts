import type { Pointer } from "./registry-diagnostic.ts";
import { scatterTargets } from "./scatter-targets.ts";
import type { StepDocument } from "./skill.ts";

/** Everything a step may call, each with its way from the step: its `uses`, or what its router or scatter names instead. */
export function stepTargets(step: StepDocument): { uses: string; path: Pointer }[] {
  const { router, scatter } = step.config;
  if (scatter !== undefined) {
    return scatterTargets(scatter).map(({ uses }, index) => ({
      uses,
      path: ["config", "scatter", "capabilities", index],
    }));
  }
  if (router === undefined) return [{ uses: step.uses, path: ["uses"] }];
  const cases = Object.entries(router.cases).map(([value, uses]) => ({
    uses,
    path: ["config", "router", "cases", value],
  }));
  if (router.default === undefined) return cases;
  return [...cases, { uses: router.default, path: ["config", "router", "default"] }];
}
