import { compileTree, isTruthy } from "./expressions.ts";
import { parseTree } from "./expression-tree.ts";
import type { JsonObject } from "./json.ts";
import { readPath } from "./json-path.ts";

/**
 * Whether a predicate of `decision.flow.branch` holds for a context (`origins/orca.md` §13.3). The
 * grammar is that of expressions, and three things more: names are dotted paths into the context and
 * may have dashes inside, `in` takes tuples such as `('a', 'b')`, and right of a comparison a name
 * that the context does not have is that word. DomainError `invalid_request` with the column where the
 * text breaks the grammar.
 */
export function evaluatePredicate(text: string, context: JsonObject): boolean {
  const evaluate = compileTree<JsonObject>(parseTree(text, "predicate"), ({ name, onRight }) => {
    const path = name.split(".");
    const whenMissing = onRight ? name : null;
    return (context) => {
      const value = Object.hasOwn(context, name) ? context[name] : readPath(context, path);
      return value === undefined ? whenMissing : value;
    };
  });
  return isTruthy(evaluate(context));
}
