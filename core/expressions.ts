import { COMPARE } from "./comparisons.ts";
import { parseTree, type ExpressionTree } from "./expression-tree.ts";
import type { Json } from "./json.ts";
import { parseReference, readReference, type Reference } from "./references.ts";
import type { Scope } from "./scope.ts";

/**
 * A compiled expression (`origins/orca.md` §2.4). `references` are the places it reads, each once.
 * `evaluate` is total: a missing place is null, a comparison that makes no sense is false.
 */
export type Expression = {
  source: string;
  references: readonly Reference[];
  evaluate(scope: Scope): Json;
};

/**
 * Parses and compiles an expression. DomainError `invalid_request` with `details` {source, column}
 * where it breaks the grammar. `locals` names the loop variables; any other bare name is one of `vars`.
 */
export function parseExpression(source: string, locals: readonly string[] = []): Expression {
  const references = new Map<string, Reference>();
  const evaluate = compileTree<Scope>(parseTree(source, "expression"), ({ name }) => {
    const reference = toReference(name, locals);
    references.set(`${reference.namespace} ${reference.source}`, reference);
    return (scope) => readReference(reference, scope) ?? null;
  });
  return { source, references: [...references.values()], evaluate };
}

/** Truth as in Python: null, false, 0, "", [] and {} are false. */
export function isTruthy(value: Json): boolean {
  if (typeof value !== "object" || value === null) return Boolean(value);
  return Array.isArray(value) ? value.length > 0 : !isEmptyMap(value);
}

/** A compiled tree: reads a `Source` and yields a value, without parsing and without throwing. */
export type Evaluate<Source> = (source: Source) => Json;

/** Compiles a tree into closures. `compileName` says how a name is read, and must make total readers. */
export function compileTree<Source>(
  tree: ExpressionTree,
  compileName: (name: { name: string; onRight: boolean }) => Evaluate<Source>,
): Evaluate<Source> {
  const compile = (part: ExpressionTree) => compileTree(part, compileName);
  switch (tree.kind) {
    case "literal":
      return () => tree.value;
    case "name":
      return compileName(tree);
    case "list": {
      const items = tree.items.map(compile);
      return (source) => items.map((item) => item(source));
    }
    case "not": {
      const operand = compile(tree.operand);
      return (source) => !isTruthy(operand(source));
    }
    case "and":
    case "or":
      return compileJoined(tree.kind === "or", tree.operands.map(compile));
    case "compare": {
      const left = compile(tree.left);
      const right = compile(tree.right);
      const compare = COMPARE[tree.operator];
      return (source) => compare(left(source), right(source));
    }
  }
}

/** The first operand whose truth is `stopsAt`, or else the last one. */
function compileJoined<Source>(stopsAt: boolean, operands: Evaluate<Source>[]): Evaluate<Source> {
  return (source) => {
    let value: Json = null;
    for (const operand of operands) {
      value = operand(source);
      if (isTruthy(value) === stopsAt) return value;
    }
    return value;
  };
}

function toReference(name: string, locals: readonly string[]): Reference {
  return (
    parseReference(name, locals) ?? {
      namespace: "vars",
      path: name.split("."),
      source: `vars.${name}`,
    }
  );
}

function isEmptyMap(map: object): boolean {
  for (const key in map) if (Object.hasOwn(map, key)) return false;
  return true;
}
