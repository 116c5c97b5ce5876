import { setOwn } from "../../core/own-property.ts";
import type { Json, JsonObject } from "../../core/json.ts";

/** Deeper than any honest answer, shallow enough for every stack that reads it later. */
const MAX_DEPTH = 200;

/**
 * True where a value is JSON through and through, and so the same before and after it was stored: whole texts, finite
 * numbers, plain maps and lists, not nested deeper than 200 levels. Allocates nothing: nearly every output is.
 */
export function isSoundJson(value: unknown, depth = 1): boolean {
  switch (typeof value) {
    case "string":
      return value.isWellFormed();
    case "number":
      return Number.isFinite(value);
    case "boolean":
      return true;
    case "object":
      return value === null || isSoundContainer(value, depth);
    default:
      return false;
  }
}

function isSoundContainer(container: object, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(container)) {
    for (let index = 0; index < container.length; index += 1) {
      if (!isSoundJson(container[index], depth + 1)) return false;
    }
    return true;
  }
  if (!isPlain(container)) return false;
  // Not Object.entries: its pairs cost three times as much as all the rest.
  for (const key in container) {
    if (!key.isWellFormed() || !isSoundJson(container[key], depth + 1)) return false;
  }
  return true;
}

function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export type UnsoundPlace = { path: string; problem: string };

/** What goes in circles has no end of them. */
const MAX_PROBLEMS = 50;

/**
 * What of an unsound value can be stored: halves of surrogate pairs become U+FFFD, and properties that are undefined
 * are left out. `problems` are the places of which nothing honest can be made, at most 50; `mended` is for use only
 * without them. Never changes its argument.
 */
export function mendJson(output: JsonObject): { mended: JsonObject; problems: UnsoundPlace[] } {
  const problems: UnsoundPlace[] = [];
  return { mended: mendMap(output, [], problems), problems };
}

function mendMap(map: Record<string, unknown>, path: string[], problems: UnsoundPlace[]) {
  const mended: JsonObject = {};
  for (const [key, value] of Object.entries(map)) {
    if (problems.length >= MAX_PROBLEMS) break;
    if (value === undefined) continue;
    const name = key.toWellFormed();
    setOwn(mended, name, mendValue(value, [...path, name], problems));
  }
  return mended;
}

function mendList(list: readonly unknown[], path: string[], problems: UnsoundPlace[]): Json[] {
  const mended: Json[] = [];
  for (const [index, item] of list.entries()) {
    if (problems.length >= MAX_PROBLEMS) break;
    mended.push(mendValue(item, [...path, String(index)], problems));
  }
  return mended;
}

function mendValue(value: unknown, path: string[], problems: UnsoundPlace[]): Json {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value === "object" && path.length >= MAX_DEPTH) {
    problems.push({ path: path[0] ?? "", problem: `is nested deeper than ${MAX_DEPTH} levels` });
    return null;
  }
  if (Array.isArray(value)) return mendList(value, path, problems);
  if (typeof value === "object" && isPlain(value)) return mendMap(value, path, problems);
  problems.push({ path: path.join("."), problem: `is ${nameOf(value)}, which is not JSON` });
  return null;
}

/** What to call a value that is not JSON: `Infinity`, `a function`, `a Date`. */
function nameOf(value: unknown): string {
  if (typeof value === "number" || value === undefined) return String(value);
  if (typeof value !== "object" || value === null) return `a ${typeof value}`;
  const kind: unknown = value.constructor;
  return typeof kind === "function" && kind.name !== "" ? `a ${kind.name}` : "an object of a class";
}
