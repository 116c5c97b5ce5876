import type { Plan } from "./run-plan.ts";

/** When each step of a plan can start at the earliest, and what holds the run up longest. */
export type PlanLevels = {
  /** Steps by level: those of a level may run side by side once the level before has ended. */
  levels: string[][];
  /** The longest chain of steps that wait for each other, in order; durations are not known, so that steps count alike. */
  criticalPath: string[];
};

/** Levels and critical path by longest-path layering of the dependency graph; linear in steps and edges. */
export function planLevels(plan: Plan): PlanLevels {
  const depth = new Int32Array(plan.steps.length);
  const before = new Int32Array(plan.steps.length).fill(-1);
  for (const index of plan.order) {
    for (const dependency of plan.steps[index]?.dependsOn ?? []) {
      const reached = (depth[dependency] ?? 0) + 1;
      if (reached <= (depth[index] ?? 0)) continue;
      depth[index] = reached;
      before[index] = dependency;
    }
  }
  const levels: string[][] = [];
  for (const index of plan.order) {
    const level = depth[index] ?? 0;
    (levels[level] ??= []).push(plan.steps[index]?.id ?? "");
  }
  return { levels, criticalPath: pathTo(plan, before, depth.indexOf(Math.max(...depth))) };
}

function pathTo(plan: Plan, before: Int32Array, last: number): string[] {
  const path: string[] = [];
  for (let index = last; index >= 0; index = before[index] ?? -1)
    path.push(plan.steps[index]?.id ?? "");
  return path.toReversed();
}
