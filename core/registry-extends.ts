import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import type { DocumentIssue } from "./registry-diagnostic.ts";

/** How many capabilities may stand on each other. */
export const MAX_EXTENDS_DEPTH = 5;

/** A capability document that others may extend; `isMerged` where its own base is already inside it. */
export type BaseCapability = { document: JsonObject; isMerged: boolean };

export type ExtendResult = { document: JsonObject; issues: DocumentIssue[] };

/**
 * A capability document with everything it inherits, by the rules of `origins/orca.md` §1: fields are added or
 * overridden but a required one stays required; `properties` merge key by key; `cognitive_hints` and `safety` are
 * replaced wholly; `effect` and `requires` fall back to the base; `metadata`, `deprecated` and `aliases` are not inherited.
 */
export function extendCapability(
  document: JsonObject,
  findBase: (id: string) => BaseCapability | null,
): ExtendResult {
  const chain: JsonObject[] = [document];
  const seen = new Set<Json | undefined>([document["id"]]);
  for (let current = document; typeof current["extends"] === "string";) {
    const baseId = current["extends"];
    const base = findBase(baseId);
    if (base === null)
      return failed(
        document,
        chain,
        "unknown_base",
        `Capability ${baseId}, which is extended here, is not known.`,
      );
    if (seen.has(baseId))
      return failed(
        document,
        chain,
        "extends_cycle",
        `The capability extends itself through ${baseId}.`,
      );
    seen.add(baseId);
    chain.push(base.document);
    if (chain.length > MAX_EXTENDS_DEPTH + 1) {
      return failed(
        document,
        chain,
        "extends_cycle",
        `More than ${MAX_EXTENDS_DEPTH} capabilities extend each other.`,
      );
    }
    if (base.isMerged) break;
    current = base.document;
  }
  return mergeChain(chain);
}

function mergeChain(chain: JsonObject[]): ExtendResult {
  const issues: DocumentIssue[] = [];
  const [own, ...bases] = chain;
  const merged = [...bases].reverse().reduce<JsonObject>((base, next) => mergeTwo(base, next), {});
  if (own === undefined) return { document: merged, issues };
  if (bases.length === 0) return { document: own, issues };
  for (const side of ["inputs", "outputs"]) {
    for (const [name, field] of Object.entries(objectAt(merged, side))) {
      const overriding = objectAt(own, side)[name];
      if (!isRequired(field) || overriding === undefined || isRequired(overriding)) continue;
      issues.push({
        severity: "error",
        code: "weakened_field",
        pointer: [side, name],
        at: "key",
        message: `${side}.${name} is required by the base and cannot be made optional.`,
        hint: "Write required: true, or choose another base.",
      });
    }
  }
  return { document: mergeTwo(merged, own), issues };
}

function mergeTwo(base: JsonObject, own: JsonObject): JsonObject {
  const { metadata: _metadata, deprecated: _deprecated, aliases: _aliases, ...inherited } = base;
  const merged: JsonObject = { ...inherited, ...own };
  for (const key of ["inputs", "outputs", "properties"]) {
    if (base[key] === undefined && own[key] === undefined) continue;
    if (own[key] !== undefined && !isJsonObject(own[key])) continue; // left as it is, for the schema to refuse
    merged[key] = { ...objectAt(base, key), ...objectAt(own, key) };
  }
  return merged;
}

function failed(
  document: JsonObject,
  chain: JsonObject[],
  code: "unknown_base" | "extends_cycle",
  message: string,
): ExtendResult {
  const hint =
    code === "unknown_base"
      ? "Import the base in the same import, or correct its id."
      : "Let the capability extend one that does not lead back to it.";
  const through = chain.length > 1 ? ` (through ${nameOf(chain.at(-1))})` : "";
  return {
    document,
    issues: [{ severity: "error", code, pointer: ["extends"], message: message + through, hint }],
  };
}

function nameOf(document: JsonObject | undefined): string {
  const id = document?.["id"];
  return typeof id === "string" ? id : "one without an id";
}

function objectAt(document: JsonObject, key: string): JsonObject {
  const value = document[key];
  return isJsonObject(value) ? value : {};
}

function isRequired(field: Json): boolean {
  return isJsonObject(field) && field["required"] === true;
}
