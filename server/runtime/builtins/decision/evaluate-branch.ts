import { evaluatePredicate } from "../../../../core/branch-predicates.ts";
import { DomainError } from "../../../../core/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";

/**
 * Chooses the first of `branches` (`{id, label?, match_expression|match?}`) whose predicate holds for `context`; else
 * `default_branch`; else the first branch, as `partial`. `selected_branch` is the branch's id. `condition` is the question in
 * words and is not evaluated, unless it is itself a predicate and the branches are named true and false.
 */
export const evaluateBranch: Builtin = (input) => {
  const given = new InputReader(input);
  const context = given.object("context", {});
  const branches = given.list("branches").map(readBranch);
  const matched = branches.find((branch) => {
    const predicate = asText(branch["match_expression"] ?? branch["match"] ?? branch["condition"]);
    return predicate !== "" && evaluatePredicate(predicate, context);
  });
  if (matched !== undefined)
    return answer(
      idOf(matched),
      1,
      "ok",
      `Its predicate holds: ${asText(matched["match_expression"] ?? matched["match"] ?? matched["condition"])}.`,
    );
  const named = byTruth(given.text("condition", ""), branches, context);
  if (named !== null) return answer(named, 1, "ok", "The condition was evaluated as a predicate.");
  if (given.has("default_branch"))
    return answer(
      given.text("default_branch"),
      0.5,
      "ok",
      "No predicate holds, so the default branch was taken.",
    );
  const first = branches[0];
  if (first === undefined)
    throw new DomainError(
      "invalid_request",
      'Input "branches" is empty: there is nothing to choose from.',
    );
  return answer(
    idOf(first),
    0,
    "partial",
    "No predicate holds and there is no default, so the first branch was taken.",
  );
};

function answer(branch: string, confidence: number, status: string, why: string) {
  return { selected_branch: branch, confidence, status, rationale: `Branch ${branch}: ${why}` };
}

function readBranch(branch: Json, index: number): JsonObject {
  if (isJsonObject(branch)) return branch;
  if (typeof branch === "string") return { id: branch };
  throw new DomainError(
    "invalid_request",
    `Branch ${index + 1} is neither a name nor {id, match_expression}.`,
  );
}

function idOf(branch: JsonObject): string {
  return asText(branch["id"] ?? branch["name"] ?? branch["label"]);
}

function byTruth(
  condition: string,
  branches: readonly JsonObject[],
  context: JsonObject,
): string | null {
  const ids = branches.map(idOf);
  if (!ids.includes("true") || !ids.includes("false") || condition === "") return null;
  return evaluatePredicate(condition, context) ? "true" : "false";
}
