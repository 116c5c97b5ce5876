import { DomainError } from "../../core/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import type { RunSession } from "./run-session.ts";

/**
 * A call's result as a person enters it, with the outputs that the runtime fills. Throws `invalid_request` naming each place
 * under `result` where it is not what the capability brings.
 */
export function completeEnteredResult(
  { world, history }: RunSession,
  uses: string,
  result: Json,
): JsonObject {
  if (!isJsonObject(result)) {
    const problem = { path: "result", problem: "is the map of outputs that the call brought" };
    throw refuse(uses, [problem]);
  }
  try {
    return world.caller.completeResult(uses, result, history.state.options);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const problems = error.details?.["problems"];
    throw refuse(uses, Array.isArray(problems) ? problems.map(underResult) : []);
  }
}

/** The contract's paths begin at the output. */
function underResult(problem: Json): Json {
  if (!isJsonObject(problem) || typeof problem["path"] !== "string") return problem;
  return { ...problem, path: `result.${problem["path"]}` };
}

function refuse(uses: string, problems: Json[]): DomainError {
  const [first] = problems;
  const what = isJsonObject(first)
    ? `: ${String(first["path"])} ${String(first["problem"])}`
    : " cannot be used";
  return new DomainError("invalid_request", `The result of ${uses}${what}.`, {
    hint: `Enter what the call brought, with the types that ${uses} declares.`,
    details: { problems },
  });
}
