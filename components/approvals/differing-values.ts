import { jsonChanges } from "../../core/json-changes.ts";
import type { Json, JsonObject } from "../../core/json.ts";

/** A place where payloads differ, and what one of them holds there; undefined for nothing. */
export type DifferingValue = { path: string; value: Json | undefined };

/** Of each payload all places where not all of them are the same, with its own values. Empty lists where all are equal. */
export function differingValues(payloads: readonly JsonObject[]): DifferingValue[][] {
  const [first] = payloads;
  if (first === undefined) return [];
  const changes = payloads.map((payload) => jsonChanges(first, payload));
  const ofFirst = new Map(changes.flat().map(({ path, before }) => [path, before]));
  return changes.map((own) => {
    const changed = new Map(own.map(({ path, after }) => [path, after]));
    const isInsideChange = (path: string) => own.some((change) => isInside(path, change.path));
    return [...ofFirst]
      .filter(([path]) => !isInsideChange(path))
      .map(([path, value]) => ({ path, value: changed.has(path) ? changed.get(path) : value }));
  });
}

function isInside(path: string, outer: string): boolean {
  return path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}
