import { DomainError } from "./errors.ts";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import { getOwn, setOwn } from "./own-property.ts";
import { isOwned, own } from "./owned-values.ts";
import type { MergeStrategy } from "./skill.ts";

/**
 * What a target holds after `value` was written over `existing`. Changes neither, except that with
 * `own` a list or map made by an earlier merge and not handed out since grows in place.
 */
export function mergeValues(
  target: string,
  existing: Json | undefined,
  value: Json,
  strategy: MergeStrategy,
  ownership: "own" | "share",
): Json {
  switch (strategy) {
    case "overwrite":
    case "replace":
      return value;
    case "append":
      return append(target, existing ?? [], value, ownership);
    case "deep_merge":
      return isJsonObject(existing) && isJsonObject(value)
        ? deepMerge(existing, value, ownership)
        : value;
  }
}

/** Throws the refusal that `mergeValues` of the same arguments would throw; changes nothing. */
export function assertMergeable(
  target: string,
  existing: Json | undefined,
  value: Json,
  strategy: MergeStrategy,
): void {
  if (strategy === "append") assertLists(target, existing ?? [], value);
}

function assertLists(target: string, existing: Json, value: Json): [Json[], Json[]] {
  if (!Array.isArray(existing)) throw notAList(target, "what it holds", existing);
  if (!Array.isArray(value)) throw notAList(target, "the new value", value);
  return [existing, value];
}

function append(target: string, held: Json, next: Json, ownership: "own" | "share"): Json[] {
  const [existing, value] = assertLists(target, held, next);
  if (!isOwned(existing)) {
    const joined = existing.concat(value);
    return ownership === "own" ? own(joined) : joined;
  }
  // By index up to a fixed length: the value may be a part of the list that grows.
  const added = value.length;
  for (let index = 0; index < added; index++) existing.push(value[index] ?? null);
  return existing;
}

function deepMerge(
  existing: JsonObject,
  value: JsonObject,
  ownership: "own" | "share",
): JsonObject {
  const merged = isOwned(existing) ? existing : { ...existing };
  const pending = [{ under: merged, over: value }];
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const { under, over } = pair;
    for (const [key, next] of Object.entries(over)) {
      const present = getOwn(under, key);
      if (isJsonObject(present) && isJsonObject(next)) {
        const copy = { ...present };
        setOwn(under, key, copy);
        pending.push({ under: copy, over: next });
      } else {
        setOwn(under, key, next);
      }
    }
  }
  return ownership === "own" ? own(merged) : merged;
}

function notAList(target: string, what: string, value: Json): DomainError {
  const kind = value === null ? "null" : isJsonObject(value) ? "a map" : `a ${typeof value}`;
  return new DomainError(
    "invalid_request",
    `Nothing can be appended to ${target}: ${what} is ${kind}, not a list.`,
    {
      hint: "Let both be lists, or set config.merge_strategy to replace.",
      details: { target, merge_strategy: "append" },
    },
  );
}
