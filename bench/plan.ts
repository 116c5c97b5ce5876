import { compileSkill } from "../core/run-plan.ts";
import { SkillSchema } from "../core/skill.ts";
import { percentile, type Benchmark } from "./benchmark.ts";

function skillOf(steps: number) {
  return SkillSchema.parse({
    id: "bench.plan",
    version: "1.0.0",
    name: "plan",
    description: "A chain with references, conditions and branches.",
    steps: Array.from({ length: steps }, (_, index) => ({
      id: `step_${index}`,
      uses: "bench.value.compute",
      input: { value: index === 0 ? "inputs.value" : `vars.v${index - 1}`, label: `step ${index}` },
      output: { value: `vars.v${index}` },
      config: {
        ...(index % 10 === 0 && index > 0
          ? { depends_on: [`step_${index - 1}`, `step_${Math.floor(index / 2)}`] }
          : {}),
        ...(index % 7 === 0 && index > 0
          ? { condition: `vars.v${index - 1} != null and inputs.value != 'x'` }
          : {}),
      },
    })),
  });
}

/** What compiling a parsed skill costs; the catalog keeps parsed skills, so this is what a run's first start adds. */
export const PLAN_BENCHMARKS: Benchmark[] = [1_000, 10_000].map((steps) => ({
  name: `plan-${steps}`,
  question: `How long does it take to compile a skill of ${steps} steps?`,
  measure() {
    const skill = skillOf(steps);
    const times = Array.from({ length: 30 }, (_, index) => {
      const startedAt = performance.now();
      compileSkill(skill, `sha256:${index}`);
      return performance.now() - startedAt;
    }).slice(5);
    return Promise.resolve({
      name: `plan-${steps}`,
      n: times.length,
      c: 1,
      runs_s: null,
      steps_s: null,
      events_s: null,
      p50_ms: percentile(times, 0.5),
      p99_ms: percentile(times, 0.99),
    });
  },
}));
