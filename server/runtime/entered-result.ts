import { z } from "zod";
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
    const parsed = ProblemsSchema.safeParse(error.details?.["problems"]);
    // The contract's paths begin at the output.
    const problems = (parsed.data ?? []).map(({ path, problem }) => ({
      path: `result.${path}`,
      problem,
    }));
    throw refuse(uses, problems);
  }
}

const ProblemsSchema = z.array(z.object({ path: z.string(), problem: z.string() }));

function refuse(uses: string, problems: z.infer<typeof ProblemsSchema>): DomainError {
  const [first] = problems;
  const what = first === undefined ? " cannot be used" : `: ${first.path} ${first.problem}`;
  return new DomainError("invalid_request", `The result of ${uses}${what}.`, {
    hint: `Enter what the call brought, with the types that ${uses} declares.`,
    details: { problems },
  });
}
