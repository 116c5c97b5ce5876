/** The tags in a document's metadata as one text to search in. */
export function tagsOf(metadata: Record<string, unknown>): string {
  const { tags } = metadata;
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string").join(" ") : "";
}
