import type { RunDiff, RunDifference, StepDifference } from "./run-diff-view.ts";

const WORDS: Readonly<Record<StepDifference | RunDifference, string>> = {
  skill: "skill",
  version: "version",
  environment: "environment",
  inputs: "inputs",
  outputs: "outputs",
  only_a: "only in A",
  only_b: "only in B",
  status: "status",
  uses: "capability",
  binding: "binding",
  input: "input",
  output: "output",
  error: "error",
  attempts: "attempts",
};

/** How a step or a run differs, in words: `status, output`; `equal` where nothing does. */
export function sayDifferences(differences: readonly (StepDifference | RunDifference)[]): string {
  return differences.length === 0 ? "equal" : differences.map((name) => WORDS[name]).join(", ");
}

/** What the runs are to each other, in one sentence. */
export function sayRunDifferences({ a, b, differences }: Pick<RunDiff, "a" | "b" | "differences">) {
  if (a.run_id === b.run_id) return "This is one and the same run.";
  const others = differences.filter((name) => name !== "skill" && name !== "version");
  const rest =
    others.length === 0
      ? "Inputs, status and outputs are equal."
      : `They differ in ${listWords(others)}.`;
  if (differences.includes("skill"))
    return `Two skills, compared where their steps have the same id. ${rest}`;
  if (differences.includes("version"))
    return `Two versions of one skill, compared by step id. ${rest}`;
  return rest;
}

/** What follows from a divergence, as far as the graphs tell: `6 later steps differ because of it`. */
export function sayConsequences(consequences: number, divergence: "it" | "this one"): string {
  if (consequences === 0) return `no later step differs because of ${divergence}`;
  return consequences === 1
    ? `1 later step differs because of ${divergence}`
    : `${consequences.toLocaleString("en")} later steps differ because of ${divergence}`;
}

function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
