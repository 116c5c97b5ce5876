import type { RunDiff, RunDifference, StepDifference } from "./run-diff-view.ts";

const STEP_WORDS: Readonly<Record<StepDifference, string>> = {
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

/** How a step differs, in words: `status, output`; `equal` where nothing does. */
export function sayDifferences(differences: readonly StepDifference[]): string {
  return differences.length === 0
    ? "equal"
    : differences.map((name) => STEP_WORDS[name]).join(", ");
}

const RUN_WORDS: Readonly<Record<RunDifference, string>> = {
  skill: "skill",
  version: "version",
  environment: "environment",
  inputs: "inputs",
  status: "status",
  outputs: "outputs",
};

/** What the runs are to each other, in one sentence. */
export function sayRunDifferences({ a, b, differences }: Pick<RunDiff, "a" | "b" | "differences">) {
  if (a.run_id === b.run_id) return "This is one and the same run.";
  const others = differences.filter((name) => name !== "skill" && name !== "version");
  const rest =
    others.length === 0
      ? "Inputs, status and outputs are equal."
      : `They differ in ${listWords(others.map((name) => RUN_WORDS[name]))}.`;
  if (differences.includes("skill"))
    return `Two skills, compared where their steps have the same id. ${rest}`;
  if (differences.includes("version"))
    return `Two versions of one skill, compared by step id. ${rest}`;
  return rest;
}

/** `6 later steps differ because of this one`, as far as the graph tells. */
export function sayConsequences(consequences: number): string {
  if (consequences === 0) return "no later step differs because of it";
  return consequences === 1
    ? "1 later step differs because of it"
    : `${consequences.toLocaleString("en")} later steps differ because of it`;
}

function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
