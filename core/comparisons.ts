import type { Comparison } from "./expression-tree.ts";
import type { Json } from "./json.ts";

/** What each comparison of the expression language decides. All are total: a comparison that makes no sense is false. */
export const COMPARE: Record<Comparison, (left: Json, right: Json) => boolean> = {
  "==": isLooselyEqual,
  "!=": (left, right) => !isLooselyEqual(left, right),
  ">": (left, right) => toFloat(left) > toFloat(right),
  "<": (left, right) => toFloat(left) < toFloat(right),
  ">=": (left, right) => toFloat(left) >= toFloat(right),
  "<=": (left, right) => toFloat(left) <= toFloat(right),
  in: isIn,
  "not in": (left, right) => !isIn(left, right),
};

/** Deep equality in which true is 1 and false is 0. Of any depth: it keeps its own stack. */
function isLooselyEqual(left: Json, right: Json): boolean {
  if (!isContainer(left) || !isContainer(right)) return toScalar(left) === toScalar(right);
  const pending: Json[] = [left, right];
  while (pending.length > 0) {
    const b = pending.pop() ?? null;
    const a = pending.pop() ?? null;
    if (a === b) continue;
    if (!isContainer(a) || !isContainer(b)) {
      if (toScalar(a) !== toScalar(b)) return false;
    } else if (!pushChildren(a, b, pending)) return false;
  }
  return true;
}

type Container = Json[] | { [key: string]: Json };

function isContainer(value: Json): value is Container {
  return typeof value === "object" && value !== null;
}

function toScalar(value: Json): Json {
  return typeof value === "boolean" ? Number(value) : value;
}

/** Pushes the children in pairs; false where the shapes differ. */
function pushChildren(a: Container, b: Container, pending: Json[]): boolean {
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let index = 0; index < a.length; index++) pending.push(a[index] ?? null, b[index] ?? null);
    return true;
  }
  if (Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(b, key)) return false;
    pending.push(a[key] ?? null, b[key] ?? null);
  }
  return true;
}

/** In a list an equal item, in a string a substring, in a map a key. */
function isIn(left: Json, right: Json): boolean {
  if (typeof right === "string") return typeof left === "string" && right.includes(left);
  if (Array.isArray(right)) return right.some((item) => isLooselyEqual(left, item));
  return isContainer(right) && typeof left === "string" && Object.hasOwn(right, left);
}

/** The number that a value reads as; NaN, which every ordering refuses, where it is none. */
function toFloat(value: Json): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  if (typeof value !== "string") return Number.NaN;
  const text = value.trim();
  return isDecimal(text) ? Number(text) : Number.NaN;
}

/** Keeps out what Number reads and people do not mean: the empty string, hexadecimal, Infinity. */
function isDecimal(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    if (!"0123456789.+-eE".includes(text.charAt(at))) return false;
  }
  return text.length > 0;
}
