import type { Json, JsonObject } from "./json.ts";

/** Sets an own property whatever the key: plain assignment of `__proto__` would change the map's prototype. */
export function setOwn(map: JsonObject, key: string, value: Json): void {
  if (key === "__proto__") {
    Object.defineProperty(map, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else {
    map[key] = value;
  }
}

/** The own property of a map; undefined for a missing one and for what only its prototype has. */
export function getOwn(map: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
