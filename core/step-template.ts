import { DomainError } from "./errors.ts";
import type { Json, JsonObject } from "./json.ts";
import { explainMissingPath } from "./json-path.ts";
import { getOwn, setOwn } from "./own-property.ts";
import { flatKeyOf, parseReference, readReference, type Reference } from "./references.ts";
import type { Scope } from "./scope.ts";

/** A step's `input`, compiled. `references` are all it reads, in file order. */
export type StepTemplate = {
  references: readonly Reference[];
  /** Names of what goes in. */
  keys: readonly string[];
  /**
   * The input with every reference replaced; nothing is copied that needs no change. Missing `inputs`,
   * `frame`, `output` and `extensions` are null; anything else missing is a DomainError `invalid_request`.
   */
  resolve(scope: Scope): JsonObject;
};

export type StepTemplateOptions = {
  /** Names of the loop variables, which make `item` and `item.x` references. */
  locals: readonly string[];
  /** A top-level key that is a reference to one of these, absent or null, is left out. */
  optionalInputs: ReadonlySet<string>;
};

/** Deeper than any input that people write, shallow enough for every stack. */
const MAX_DEPTH = 200;

type Resolver = (scope: Scope) => Json;

/** Compiles a step's `input`. DomainError `invalid_configuration` when it nests deeper than 200 levels. */
export function compileStepTemplate(input: JsonObject, options: StepTemplateOptions): StepTemplate {
  const references: Reference[] = [];
  const entries = Object.entries(input).map(([key, value]) => ({
    key,
    value,
    resolver: compileValue(value, key, 1, options.locals, references),
    isLeftOut: compileLeftOut(value, options),
  }));
  const keys = Object.keys(input);
  if (references.length === 0) return { references, keys, resolve: () => input };
  return {
    references,
    keys,
    resolve(scope) {
      const resolved: JsonObject = {};
      for (const { key, value, resolver, isLeftOut } of entries) {
        if (isLeftOut?.(scope)) continue;
        setOwn(resolved, key, resolver === null ? value : resolver(scope));
      }
      return resolved;
    },
  };
}

/** Null for a literal. `place` is where the value stands in the step's input, for messages. */
function compileValue(
  value: Json,
  place: string,
  depth: number,
  locals: readonly string[],
  references: Reference[],
): Resolver | null {
  if (typeof value === "string") {
    const reference = parseReference(value, locals);
    if (reference === null) return null;
    references.push(reference);
    return compileReference(reference, place);
  }
  if (typeof value !== "object" || value === null) return null;
  if (depth >= MAX_DEPTH) {
    throw new DomainError(
      "invalid_configuration",
      `The step input is nested deeper than ${MAX_DEPTH} levels under "${place.slice(0, 80)}".`,
      { hint: "Flatten the input." },
    );
  }
  return Array.isArray(value)
    ? compileList(value, place, depth, locals, references)
    : compileMap(value, place, depth, locals, references);
}

function compileList(
  list: Json[],
  place: string,
  depth: number,
  locals: readonly string[],
  references: Reference[],
): Resolver | null {
  const before = references.length;
  const items = list.map((item, index) => ({
    item,
    resolver: compileValue(item, `${place}.${index}`, depth + 1, locals, references),
  }));
  if (references.length === before) return null;
  return (scope) => items.map(({ item, resolver }) => (resolver === null ? item : resolver(scope)));
}

function compileMap(
  map: JsonObject,
  place: string,
  depth: number,
  locals: readonly string[],
  references: Reference[],
): Resolver | null {
  const before = references.length;
  const entries = Object.entries(map).map(([key, value]) => ({
    key,
    value,
    resolver: compileValue(value, `${place}.${key}`, depth + 1, locals, references),
  }));
  if (references.length === before) return null;
  return (scope) => {
    const resolved: JsonObject = {};
    for (const { key, value, resolver } of entries) {
      setOwn(resolved, key, resolver === null ? value : resolver(scope));
    }
    return resolved;
  };
}

function compileReference(reference: Reference, place: string): Resolver {
  switch (reference.namespace) {
    case "inputs":
    case "frame":
    case "output":
    case "extensions":
      return (scope) => readReference(reference, scope) ?? null;
    case "vars":
    case "outputs":
    case "working":
    case "locals":
      return (scope) => {
        const value = readReference(reference, scope);
        if (value === undefined) throw missingReference(reference, place, scope);
        return value;
      };
  }
}

function missingReference(reference: Reference, place: string, scope: Scope): DomainError {
  const root = scope[reference.namespace];
  const missing = explainMissingPath(reference.namespace, root, reference.path);
  return new DomainError(
    "invalid_request",
    `Step input "${place}" reads ${reference.source}, which does not exist: ${missing.place} ${missing.contents}.`,
    {
      hint: `Correct the reference, or let an earlier step write ${reference.source}.`,
      details: { reference: reference.source, key: place, available: missing.available },
    },
  );
}

function compileLeftOut(
  value: Json,
  { locals, optionalInputs }: StepTemplateOptions,
): ((scope: Scope) => boolean) | null {
  const reference = typeof value === "string" ? parseReference(value, locals) : null;
  if (reference?.namespace !== "inputs") return null;
  const name = [flatKeyOf(reference), reference.path[0] ?? ""].find((key) =>
    optionalInputs.has(key),
  );
  if (name === undefined) return null;
  return (scope) =>
    (getOwn(scope.inputs, name) ?? null) === null &&
    (readReference(reference, scope) ?? null) === null;
}
