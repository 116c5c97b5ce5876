import type { Database } from "../server/database/client.ts";
import type { JsonObject } from "../core/json.ts";
import type { BuiltinModule } from "../server/runtime/builtins/builtin.ts";
import type { Runtime } from "../server/runtime/runtime.ts";
import { inlineCatalog } from "../server/runtime/testing/inline-catalog.ts";
import { startInlineRuntime } from "../server/runtime/testing/inline-runtime.ts";

/** A 100-byte object, which every step of the benchmarks returns. */
export const PAYLOAD: JsonObject = { value: { id: "0123456789", name: "x".repeat(60), n: 12345 } };

const FUNCTIONS: BuiltinModule = {
  "bench.value.write": () => PAYLOAD,
  "bench.value.compute": () => PAYLOAD,
};

const chain = (id: string, uses: string, length: number) => ({
  id,
  version: "1.0.0",
  name: id,
  description: id,
  steps: Array.from({ length }, (_, index) => ({
    id: `s${index}`,
    uses,
    input: { value: index === 0 ? "inputs.value" : `vars.v${index - 1}` },
    output: { value: index === length - 1 ? "outputs.value" : `vars.v${index}` },
  })),
  inputs: { value: { type: "object" } },
});

/** A chain that waits for a signal at the end that never comes. */
function withWait(skill: ReturnType<typeof chain>): object {
  return {
    ...skill,
    steps: [...skill.steps, { id: "wait", uses: "wait.signal", input: { name: "never" } }],
  };
}

const fan = {
  id: "bench.fan",
  version: "1.0.0",
  name: "fan",
  description: "One step, fifty side by side, one step.",
  inputs: { value: { type: "object" } },
  steps: [
    {
      id: "first",
      uses: "bench.value.write",
      input: { value: "inputs.value" },
      output: { value: "vars.first" },
    },
    ...Array.from({ length: 50 }, (_, index) => ({
      id: `b${index}`,
      uses: "bench.value.write",
      input: { value: "vars.first" },
      output: { value: `vars.b${index}` },
      config: { depends_on: ["first"] },
    })),
    {
      id: "last",
      uses: "bench.value.write",
      input: { value: "vars.b0" },
      output: { value: "outputs.value" },
      config: { depends_on: Array.from({ length: 50 }, (_, index) => `b${index}`) },
    },
  ],
};

const BENCH_SKILLS = [
  chain("bench.effect-chain", "bench.value.write", 10),
  chain("bench.pure-chain", "bench.value.compute", 10),
  chain("bench.long-effect", "bench.value.write", 1_000),
  withWait(chain("bench.waiting", "bench.value.compute", 20)),
  fan,
];

/** The registry of the benchmarks' runtime. */
export const BENCH_CATALOG = inlineCatalog({
  capabilities: [
    { id: "bench.value.write", effect: "write", outputs: ["value"] },
    { id: "bench.value.compute", effect: "none", outputs: ["value"] },
  ],
  skills: BENCH_SKILLS,
});

/** A runtime over the given database with the benchmarks' skills, whose steps are native no-ops. */
export function startBenchRuntime(
  pool: Database["pool"],
  connectionString: string,
): Promise<Runtime> {
  return startInlineRuntime({
    pool,
    connectionString,
    catalog: BENCH_CATALOG,
    functions: FUNCTIONS,
  });
}
