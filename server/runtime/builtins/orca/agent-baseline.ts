import { evaluatePredicate } from "../../../../core/branch-predicates.ts";
import type { JsonObject } from "../../../../core/json.ts";
import type { Builtin, BuiltinModule } from "../builtin.ts";
import { catchError } from "../decision/catch-error.ts";
import { delegateTask } from "../decision/delegate-task.ts";
import { evaluateBranch } from "../decision/evaluate-branch.ts";
import { generateOptions } from "../decision/generate-options.ts";
import { routeInput } from "../decision/route-input.ts";
import { isEmpty } from "../evaluation/score-output.ts";
import { InputReader } from "../input-reader.ts";
import { generatePlan } from "../reasoning/generate-plan.ts";
import { renameInput } from "./rename-input.ts";

/** A native function cannot call capabilities: every item is reported as not worked on. The engine's `config.foreach` does the work. */
const iterateCollection: Builtin = (input) => {
  const given = new InputReader(input);
  const [items, capability] = [given.list("items"), given.text("capability")];
  return {
    results: [],
    item_count: items.length,
    error_count: items.length,
    errors: items.map((_, index) => ({
      index,
      message: `${capability} was not called: use config.foreach on the step instead.`,
    })),
    status: items.length === 0 ? "ok" : "error",
    rationale: "A capability cannot be called from inside another; the engine iterates.",
  };
};

/**
 * Looks once whether a condition holds and does not wait: a time (RFC 3339) that has come, or a predicate that is true by itself.
 * Waiting is done durably by the step kinds `wait.timer` and `wait.signal`.
 */
const waitCondition: Builtin = (input, context) => {
  const condition = new InputReader(input).text("condition");
  const time = Date.parse(condition);
  const isResolved = Number.isNaN(time) ? holds(condition) : time <= context.now().getTime();
  return {
    resolved: isResolved,
    event: { condition, checked_at: context.now().toISOString() },
    timed_out: !isResolved,
    elapsed_seconds: 0,
    status: "ok",
    rationale: isResolved
      ? "The condition holds."
      : "The condition does not hold now; wait.timer and wait.signal wait for one.",
  };
};

function holds(condition: string): boolean {
  try {
    return evaluatePredicate(condition, {});
  } catch {
    return false;
  }
}

/** Takes the values of `fields` (`{name, required?, default?}`) from a JSON `context`; what is not there is missing. It asks nobody. */
const collectInput: Builtin = (input) => {
  const given = new InputReader(input);
  const known = asMap(given.text("context", ""));
  const fields = given
    .list("fields")
    .map((field) => new InputReader(typeof field === "string" ? { name: field } : { field }));
  const named = fields.map((field) =>
    field.has("name") ? field : new InputReader(field.object("field")),
  );
  const response = Object.fromEntries(
    named.map((field) => [field.text("name"), known[field.text("name")] ?? field.json("default")]),
  );
  const missing = named
    .filter(
      (field) => field.flag("required", true) && isEmpty(response[field.text("name")] ?? null),
    )
    .map((field) => field.text("name"));
  return {
    response,
    complete: missing.length === 0,
    missing_fields: missing,
    status: missing.length === 0 ? "ok" : "partial",
    rationale:
      missing.length === 0
        ? "Every required field was in the context."
        : `Not in the context: ${missing.join(", ")}. wait.signal or wait.approval asks a person.`,
  };
};

function asMap(text: string): JsonObject {
  try {
    return new InputReader({ map: JSON.parse(text) }).object("map");
  } catch {
    return {};
  }
}

/** `official_services.agent_baseline` of the ORCA registry. */
export const AGENT_BASELINE: BuiltinModule = {
  collect_input: collectInput,
  delegate_agent: delegateTask,
  evaluate_branch: evaluateBranch,
  generate_options: generateOptions,
  generate_plan: renameInput(generatePlan, { objective: "goal" }),
  handle_error: catchError,
  iterate_collection: iterateCollection,
  route_agent: routeInput,
  wait_condition: waitCondition,
};
