import { isAlias, isCollection, isMap, isNode, isScalar, isSeq, type Document } from "yaml";
import type { Pointer } from "../../core/registry-diagnostic.ts";

/** Where the pointer leads in the source; as far as the document goes along with it. */
export function findNode(
  parsed: Document.Parsed,
  pointer: Pointer,
  at: "key" | "value",
): { offset: number; node: unknown } {
  let node: unknown = parsed.contents;
  let offset = offsetOf(node) ?? 0;
  for (const [position, segment] of pointer.entries()) {
    if (isAlias(node)) node = node.resolve(parsed);
    if (!isCollection(node)) break;
    const isLast = position === pointer.length - 1;
    if (isMap(node)) {
      const pair = node.items.findLast(
        ({ key }) => String(isScalar(key) ? key.value : key) === String(segment),
      );
      if (pair === undefined) break;
      const keyOffset = offsetOf(pair.key) ?? offset;
      const valueOffset = offsetOf(pair.value);
      offset = isLast && at === "value" ? (valueOffset ?? keyOffset) : keyOffset;
      node = pair.value;
    } else if (isSeq(node) && typeof segment === "number") {
      const item = node.items[segment];
      if (item === undefined) break;
      offset = offsetOf(item) ?? offset;
      node = item;
    } else break;
  }
  return { offset, node };
}

/** How far into its source a column of a scalar's text lies; 0 where escapes or folding make that unknowable. */
export function offsetInText(node: unknown, column: number): number {
  const text = isScalar(node) && typeof node.value === "string" ? node.value : "";
  const source =
    isScalar(node) && node.srcToken !== undefined && "source" in node.srcToken
      ? node.srcToken.source
      : "";
  const start = source.indexOf(text);
  return text === "" || start === -1 ? 0 : start + column - 1;
}

function offsetOf(node: unknown): number | null {
  return isNode(node) ? (node.range?.[0] ?? null) : null;
}
