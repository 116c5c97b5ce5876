import { isCollection, isMap, isPair, isScalar, type Document } from "yaml";

export type DuplicateKey = { key: string; offset: number; isDocumentation: boolean };

/** Parts of a document that only people read. */
const DOCUMENTATION = new Set(["metadata", "cognitive_hints"]);

/** Every key that stands in a mapping for the second time or more. The last of them counts. */
export function findDuplicateKeys(document: Document.Parsed): DuplicateKey[] {
  const found: DuplicateKey[] = [];
  const open: { node: unknown; top: string | null }[] = [{ node: document.contents, top: null }];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    const { node, top } = current;
    if (!isCollection(node)) continue;
    const seen = new Set<string>();
    for (const item of node.items) {
      if (!isPair(item)) {
        open.push({ node: item, top: top ?? "" });
        continue;
      }
      const key = isScalar(item.key) ? String(item.key.value) : null;
      if (key !== null && isMap(node) && key !== "<<") {
        const offset = isScalar(item.key) ? (item.key.range?.[0] ?? 0) : 0;
        if (seen.has(key))
          found.push({ key, offset, isDocumentation: DOCUMENTATION.has(top ?? "") });
        seen.add(key);
      }
      open.push({ node: item.value, top: top ?? key ?? "" });
    }
  }
  return found.sort((a, b) => a.offset - b.offset);
}
