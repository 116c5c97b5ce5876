import { isJsonObject, type Json } from "../../../../core/json.ts";
import { readPath as readSegments } from "../../../../core/json-path.ts";

/** The value at a dotted path through maps and list indices (`items.0.id`, `items[0].id`, `$.id`); an exact key wins; undefined where it leads nowhere. */
export function readPath(value: Json, path: string): Json | undefined {
  if (path === "" || path === "$") return value;
  const clean = path.startsWith("$.") ? path.slice(2) : path;
  if (isJsonObject(value) && Object.hasOwn(value, clean)) return value[clean];
  return readSegments(value, clean.replaceAll("[", ".").replaceAll("]", "").split("."));
}
