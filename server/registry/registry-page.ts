import { z } from "zod";
import { decodeCursor, encodeCursor } from "../api/list-cursor.ts";
import type { Page, RegistryFilter } from "../api/registry-reader.ts";

/**
 * One page of entries that are ordered by id. Every word of `q` must occur in what `textOf` gives, whatever its case.
 * The cursor is the last id, so that what is imported meanwhile shifts nothing.
 */
export function toRegistryPage<Entry, Item>(
  entries: readonly Entry[],
  filter: RegistryFilter,
  {
    idOf,
    textOf,
    toItem,
  }: {
    idOf: (entry: Entry) => string;
    textOf: (entry: Entry) => string;
    toItem: (entry: Entry) => Item;
  },
): Page<Item> {
  const after = filter.cursor === undefined ? null : decodeCursor(filter.cursor, z.string());
  const words = (filter.q ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const page: Entry[] = [];
  for (const entry of entries) {
    if (after !== null && idOf(entry) <= after) continue;
    if (words.length > 0 && !hasWords(textOf(entry).toLowerCase(), words)) continue;
    page.push(entry);
    if (page.length > filter.limit) break;
  }
  const items = page.slice(0, filter.limit);
  const last = items.at(-1);
  const isMore = page.length > filter.limit && last !== undefined;
  return { items: items.map(toItem), next_cursor: isMore ? encodeCursor(idOf(last)) : null };
}

function hasWords(text: string, words: string[]): boolean {
  return words.every((word) => text.includes(word));
}
