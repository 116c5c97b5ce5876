import { isJsonObject, type Json } from "./json.ts";
import { getOwn } from "./own-property.ts";

/** The value under one path segment: a map's own key, or a list's item where the segment is all digits. */
export function childOf(value: Json, segment: string): Json | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return Array.isArray(value) ? itemOf(value, segment) : getOwn(value, segment);
}

/** The value at a path through maps and list indices, or undefined. Never throws, never copies. */
export function readPath(value: Json, path: readonly string[]): Json | undefined {
  let current: Json | undefined = value;
  for (const segment of path) {
    current = childOf(current, segment);
    if (current === undefined) return undefined;
  }
  return current;
}

/** The place of a value inside the one at `place`, to read and to copy: `items[0].name`, `steps."each#1".status`. */
export function placeInside(place: string, segment: string | number): string {
  if (typeof segment === "number") return `${place}[${segment}]`;
  const key = /^[A-Za-z_][\w-]*$/.test(segment) ? segment : JSON.stringify(segment);
  return place === "" ? key : `${place}.${key}`;
}

/** Why a path is missing: the longest prefix that exists, and what is there. */
export type MissingPath = { place: string; contents: string; available: string[] };

/** Explains, for a message, where a walk from the root called `name` along `path` ends. */
export function explainMissingPath(name: string, root: Json, path: readonly string[]): MissingPath {
  let place = name;
  let current = root;
  for (const segment of path) {
    const next = childOf(current, segment);
    if (next === undefined) break;
    place = `${place}.${segment}`;
    current = next;
  }
  return {
    place,
    contents: describe(current),
    available: isJsonObject(current) ? Object.keys(current).slice(0, LISTED_KEYS) : [],
  };
}

/** Messages name at most this many keys: enough to spot a typo, short enough to read. */
const LISTED_KEYS = 20;

function describe(value: Json): string {
  if (value === null) return "is null";
  if (Array.isArray(value)) return `is a list of ${value.length}`;
  if (typeof value !== "object") return `is a ${typeof value}`;
  const keys = Object.keys(value);
  if (keys.length === 0) return "is empty";
  const more = keys.length > LISTED_KEYS ? ` and ${keys.length - LISTED_KEYS} more` : "";
  return `has ${keys.slice(0, LISTED_KEYS).join(", ")}${more}`;
}

function itemOf(list: Json[], segment: string): Json | undefined {
  if (segment === "") return undefined;
  let index = 0;
  for (let at = 0; at < segment.length; at++) {
    const digit = segment.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return undefined;
    index = index * 10 + digit;
  }
  return list[index];
}
