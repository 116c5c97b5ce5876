import { DomainError } from "./errors.ts";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import { explainMissingPath, readPath } from "./json-path.ts";
import { assertMergeable, mergeValues } from "./merge-values.ts";
import { getOwn, setOwn } from "./own-property.ts";
import { flatKeyOf, parseReference, readReference, type Reference } from "./references.ts";
import type { Scope } from "./scope.ts";
import type { MergeStrategy } from "./skill.ts";
import { parseTarget, type Target } from "./targets.ts";

export { parseTarget, type Target };

/** One line of a step's `output`: the path in the step's result and where its value goes. */
export type OutputMapping = {
  produced: string;
  producedPath: readonly string[];
  target: Target;
  /** Set where `produced` is `vars.X`, `inputs.X` or `outputs.X`: a value of the scope, not of the result. */
  passThrough: Reference | null;
};

/** A value of one step's result on its way to its target. */
export type MappedValue = { target: Target; value: Json };

const PASS_THROUGH: ReadonlySet<string> = new Set(["vars", "inputs", "outputs"]);

/**
 * Compiles a step's `output`. DomainError `invalid_configuration` for a target that cannot be written
 * and for two produced paths with one target.
 */
export function compileOutputMappings(output: Record<string, string>): OutputMapping[] {
  const producedBy = new Map<string, string>();
  return Object.entries(output).map(([produced, text]) => {
    const target = parseTarget(text);
    const other = producedBy.get(target.source);
    if (other !== undefined) {
      throw new DomainError(
        "invalid_configuration",
        `Both "${other}" and "${produced}" are written to ${target.source}.`,
        {
          hint: "Give each produced path its own target.",
          details: { target: target.source, produced: [other, produced] },
        },
      );
    }
    producedBy.set(target.source, produced);
    const reference = parseReference(produced, []);
    return {
      produced,
      producedPath: produced.split("."),
      target,
      passThrough: reference !== null && PASS_THROUGH.has(reference.namespace) ? reference : null,
    };
  });
}

/**
 * The values of one step's result by target, in the order of the mappings. All are read before any is
 * written. An exact flat key of the result comes before the walk along the dotted path. DomainError
 * `invalid_request` for a declared path that is missing; a missing `inputs.X` passes null through.
 */
export function mapOutput(
  mappings: readonly OutputMapping[],
  produced: Json,
  scope: Scope,
): MappedValue[] {
  return mappings.map((mapping) => ({
    target: mapping.target,
    value:
      mapping.passThrough === null
        ? readProduced(mapping, produced)
        : readPassThrough(mapping, mapping.passThrough, scope),
  }));
}

function readProduced(mapping: OutputMapping, produced: Json): Json {
  const flat = isJsonObject(produced) ? getOwn(produced, mapping.produced) : undefined;
  if (flat !== undefined) return flat;
  const walked =
    mapping.producedPath.length > 1 ? readPath(produced, mapping.producedPath) : undefined;
  if (walked === undefined)
    throw missingProduced(mapping, "the result", produced, mapping.producedPath);
  return walked;
}

function readPassThrough(mapping: OutputMapping, reference: Reference, scope: Scope): Json {
  const value = readReference(reference, scope);
  if (value !== undefined) return value;
  if (reference.namespace === "inputs") return null;
  throw missingProduced(mapping, reference.namespace, scope[reference.namespace], reference.path);
}

function missingProduced(
  mapping: OutputMapping,
  name: string,
  root: Json,
  path: readonly string[],
): DomainError {
  const missing = explainMissingPath(name, root, path);
  return new DomainError(
    "invalid_request",
    `The step maps "${mapping.produced}" to ${mapping.target.source}, but ${missing.place} ${missing.contents}.`,
    {
      hint: "Map a key that the step produces, or correct what produces it.",
      details: {
        produced: mapping.produced,
        target: mapping.target.source,
        available: missing.available,
      },
    },
  );
}

/**
 * Writes one value into the scope, in place, and notes its target in `written`. `vars` and `outputs`
 * take the path as one flat key; the others make the maps on the way. Neither the value nor anything
 * that a reference has handed out is changed. `overwrite` refuses a target that is in `written`;
 * `append` wants two lists (a missing target is an empty one); `deep_merge` merges maps, the new value
 * wins elsewhere. A refusal is a DomainError `invalid_request` and leaves the scope as it was.
 *
 * The namespace maps must belong to this scope alone, and who reads them other than by reference must
 * be done with what it read before the next write: n appends cost O(n) because the list grows in place.
 */
export function writeTarget(
  scope: Scope,
  written: Set<string>,
  target: Target,
  value: Json,
  strategy: MergeStrategy,
): void {
  assertNotWritten(written, target, strategy);
  const root = scope[target.namespace];
  if (target.namespace === "vars" || target.namespace === "outputs") {
    const key = flatKeyOf(target);
    const existing = getOwn(root, key);
    setOwn(root, key, mergeValues(target.source, existing, value, strategy, "own"));
  } else {
    const existing = readPath(root, target.path);
    const merged = mergeValues(target.source, existing, value, strategy, "share");
    mapHolding(root, target)[target.path.at(-1) ?? ""] = merged;
  }
  written.add(target.source);
}

/** Throws the refusal that `writeTarget` of the same arguments would throw; changes nothing. */
export function assertWritable(
  scope: Scope,
  written: ReadonlySet<string>,
  target: Target,
  value: Json,
  strategy: MergeStrategy,
): void {
  assertNotWritten(written, target, strategy);
  const root = scope[target.namespace];
  const isFlat = target.namespace === "vars" || target.namespace === "outputs";
  const existing = isFlat ? getOwn(root, flatKeyOf(target)) : readPath(root, target.path);
  assertMergeable(target.source, existing, value, strategy);
  if (!isFlat) assertMapsOnTheWay(root, target);
}

function assertNotWritten(
  written: ReadonlySet<string>,
  target: Target,
  strategy: MergeStrategy,
): void {
  if (strategy !== "overwrite" || !written.has(target.source)) return;
  throw new DomainError("invalid_request", `${target.source} was already written in this run.`, {
    hint: "Write to another target, or set config.merge_strategy to replace, append or deep_merge.",
    details: { target: target.source, merge_strategy: strategy },
  });
}

function assertMapsOnTheWay(root: JsonObject, target: Target): void {
  const parents = target.path.slice(0, -1);
  const blocked = parents.findIndex((_, depth) => {
    const parent = readPath(root, parents.slice(0, depth + 1)) ?? null;
    return parent !== null && !isJsonObject(parent);
  });
  if (blocked !== -1) throw notAMap(target, parents.slice(0, blocked + 1));
}

/** The map that holds the last segment. Maps on the way are copied: they may be part of a recorded value. */
function mapHolding(root: JsonObject, target: Target): JsonObject {
  assertMapsOnTheWay(root, target);
  const parents = target.path.slice(0, -1);
  let map = root;
  for (const segment of parents) {
    const next = getOwn(map, segment);
    const copy = isJsonObject(next) ? { ...next } : {};
    setOwn(map, segment, copy);
    map = copy;
  }
  return map;
}

function notAMap(target: Target, path: string[]): DomainError {
  const place = [target.namespace, ...path].join(".");
  return new DomainError(
    "invalid_request",
    `${target.source} cannot be written: ${place} is not a map.`,
    {
      hint: `Write to another target, or let ${place} be a map.`,
      details: { target: target.source },
    },
  );
}
