import type { Json, JsonObject } from "./json.ts";

/**
 * Lists and maps that `writeTarget` made and that nobody else can see yet, so that it may change them
 * in place. A value stops being owned as soon as a reference hands it out: what is in an event or at a
 * provider never changes afterwards, and n appends with no read between them cost O(n).
 */
const owned = new WeakSet<object>();

/** Marks a container that was made just now and is known to its holder alone. */
export function own<T extends Json[] | JsonObject>(container: T): T {
  owned.add(container);
  return container;
}

/** True where the container may be changed in place. */
export function isOwned(container: Json[] | JsonObject): boolean {
  return owned.has(container);
}

/** Hands a value out: whoever holds it may rely on its never changing. */
export function handOut(value: Json | undefined): Json | undefined {
  if (typeof value === "object" && value !== null) owned.delete(value);
  return value;
}
