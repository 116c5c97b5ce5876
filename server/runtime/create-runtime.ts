import { RunEngine } from "./run-engine.ts";
import type { Runtime } from "./runtime.ts";
import type { RuntimeDependencies } from "./runtime-dependencies.ts";

/** Starts executing: registers as a worker, recovers what is unfinished, and takes new runs. */
export async function createRuntime(deps: RuntimeDependencies): Promise<Runtime> {
  const engine = new RunEngine(deps);
  await engine.open();
  return engine;
}
