import type { Json, JsonObject } from "./json.ts";
import { occurrenceNames } from "./occurrence-names.ts";
import { assertWritable, mapOutput, type Target } from "./output-mapping.ts";
import type { PlanStep } from "./run-plan.ts";
import type { RunState } from "./run-state.ts";
import type { MergeStrategy } from "./skill.ts";
import { occurrenceKey } from "./step.ts";

/** The outputs of a loop's completed occurrences, in input order. */
function occurrenceOutputs(
  step: PlanStep,
  state: RunState,
): { name: string; output: JsonObject }[] {
  const loop = state.steps.get(step.id)?.loop;
  if (loop === undefined) return [];
  return occurrenceNames(step, loop).flatMap((name) => {
    const occurrence = state.steps.get(occurrenceKey(step.id, name));
    if (occurrence?.status !== "completed") return [];
    return [{ name, output: occurrence.output ?? {} }];
  });
}

/**
 * What a loop as a whole produced: foreach gives a list per key, while its last iteration's output, scatter what its
 * `merge` says (`origins/orca.md` §2.4; collect is keyed by alias).
 */
export function loopOutput(step: PlanStep, state: RunState): JsonObject {
  const outputs = occurrenceOutputs(step, state);
  if (step.loop?.kind === "while") return outputs.at(-1)?.output ?? {};
  if (step.loop?.kind === "scatter") return scatterOutput(step.loop.merge, outputs);
  const keys = new Set(outputs.flatMap(({ output }) => Object.keys(output)));
  return Object.fromEntries(
    [...keys].map((key) => [key, outputs.map(({ output }) => output[key] ?? null)]),
  );
}

function scatterOutput(
  merge: "collect" | "concat_lists" | "first_success",
  outputs: readonly { name: string; output: JsonObject }[],
): JsonObject {
  if (merge === "first_success") return outputs[0]?.output ?? {};
  if (merge === "collect")
    return Object.fromEntries(outputs.map(({ name, output }) => [name, output]));
  const joined: Record<string, Json[]> = {};
  for (const { output } of outputs) {
    for (const [key, value] of Object.entries(output)) {
      (joined[key] ??= []).push(...(Array.isArray(value) ? value : [value]));
    }
  }
  return joined;
}

/**
 * What a step's end writes, by target. For foreach each mapping is read from every occurrence and collected, so
 * that dotted produced paths work. Throws DomainError where a declared path is missing.
 */
export function writesOf(
  step: PlanStep,
  state: RunState,
  produced: JsonObject,
): { target: Target; value: Json }[] {
  if (step.output.length === 0) return [];
  if (step.loop?.kind !== "foreach") return mapOutput(step.output, produced, state.scope);
  const perOccurrence = occurrenceOutputs(step, state).map(({ output }) =>
    mapOutput(step.output, output, state.scope),
  );
  return step.output.map((mapping, index) => ({
    target: mapping.target,
    value: perOccurrence.map((writes) => writes[index]?.value ?? null),
  }));
}

/** The merge strategy of a write: a while loop's later iterations may overwrite what the earlier ones wrote. */
export function strategyOf(step: PlanStep, occurrence: string | undefined): MergeStrategy {
  const isLaterIteration =
    step.loop?.kind === "while" && occurrence !== undefined && occurrence !== "0";
  return isLaterIteration && step.mergeStrategy === "overwrite" ? "replace" : step.mergeStrategy;
}

/**
 * Throws the DomainError for which a step's end cannot be taken over: a declared path is missing, a target was
 * written before, or what is there cannot be merged. After it passed, folding `step.completed` does not throw.
 */
export function assertUsable(
  step: PlanStep,
  state: RunState,
  occurrence: string | undefined,
  produced: JsonObject,
): void {
  if (step.output.length === 0) return;
  const isPartOfLoop = occurrence !== undefined && step.loop?.kind !== "while";
  if (isPartOfLoop) {
    // The loop's own end writes; here it only matters that foreach will find its paths in every occurrence.
    if (step.loop?.kind === "foreach") mapOutput(step.output, produced, state.scope);
    return;
  }
  const strategy = strategyOf(step, occurrence);
  const writes =
    occurrence === undefined
      ? writesOf(step, state, produced)
      : mapOutput(step.output, produced, state.scope);
  for (const { target, value } of writes)
    assertWritable(state.scope, state.written, target, value, strategy);
}
