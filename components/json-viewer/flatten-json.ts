import { isJsonObject, type Json } from "../../core/json.ts";
import { placeInside } from "../../core/json-path.ts";
import { jsonText } from "./json-text.ts";

/** One line of the viewer. */
export type JsonRow = {
  /** The place of the value, such as `items[0].name`; "" for the whole. */
  path: string;
  depth: number;
  /** The key or index that leads here; null for the whole. */
  name: string | null;
  value: Json;
  /** How many entries an object or list has; null for plain values. */
  size: number | null;
  isOpen: boolean;
};

/** The lines to show of a value, of which only the parts that `isOpen` says are opened. Work grows with those lines. */
export function flattenJson(
  value: Json,
  isOpen: (path: string, depth: number) => boolean,
): JsonRow[] {
  const rows: JsonRow[] = [];
  // A stack of one's own: the depth of outside data must not be the depth of calls.
  const stack: Omit<JsonRow, "size" | "isOpen">[] = [{ path: "", depth: 0, name: null, value }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { path, depth, value } = next;
    const size = sizeOf(value);
    const open = size !== null && size > 0 && isOpen(path, depth);
    rows.push({ ...next, size, isOpen: open });
    if (!open) continue;
    const children = entriesOf(value).map(([name, child]) => ({
      path: placeInside(path, Array.isArray(value) ? Number(name) : name),
      depth: depth + 1,
      name,
      value: child,
    }));
    for (const child of children.reverse()) stack.push(child);
  }
  return rows;
}

/** The paths of up to `limit` values whose key or plain text contains `text`, and of everything that holds them. */
export function findInJson(
  value: Json,
  text: string,
  limit = 500,
): { matches: string[]; holders: Set<string> } {
  const wanted = text.toLowerCase();
  const matches: string[] = [];
  const holders = new Set<string>();
  const stack: { path: string; value: Json; name: string; above: string[] }[] = [
    { path: "", value, name: "", above: [] },
  ];
  for (let next = stack.pop(); next !== undefined && matches.length < limit; next = stack.pop()) {
    const { path, value, name, above } = next;
    const isPlain = sizeOf(value) === null;
    if (
      name.toLowerCase().includes(wanted) ||
      (isPlain && jsonText(value).toLowerCase().includes(wanted))
    ) {
      matches.push(path);
      for (const holder of above) holders.add(holder);
    }
    if (isPlain) continue;
    const inside = [...above, path];
    for (const [childName, child] of entriesOf(value).reverse()) {
      stack.push({
        path: placeInside(path, Array.isArray(value) ? Number(childName) : childName),
        value: child,
        name: childName,
        above: inside,
      });
    }
  }
  return { matches, holders };
}

function sizeOf(value: Json): number | null {
  if (Array.isArray(value)) return value.length;
  return isJsonObject(value) ? Object.keys(value).length : null;
}

function entriesOf(value: Json): [string, Json][] {
  if (Array.isArray(value)) return value.map((item, index) => [String(index), item]);
  return isJsonObject(value) ? Object.entries(value) : [];
}
