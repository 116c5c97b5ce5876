import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";

/**
 * Turns search `results` into corpus items. `mode: quick` (default) takes the snippet as content; `deep` leaves the content
 * to be fetched later, as `source_ref {type: url, location}` (see `retrieveSources`). Repeated addresses are dropped.
 */
export const normalizeResults: Builtin = (input) => {
  const given = new InputReader(input);
  const isDeep = given.text("mode", "quick") === "deep";
  const seen = new Set<string>();
  const items = given.records("results").flatMap((result, index) => {
    const url = asText(result["url"] ?? result["link"]);
    if (url !== "" && seen.has(url)) return [];
    seen.add(url);
    const snippet = asText(result["snippet"] ?? result["content"] ?? result["text"]);
    const base = {
      id: asText(result["id"]) || `source-${index + 1}`,
      title: asText(result["title"]) || url,
      url,
      type: "web",
    };
    return [
      isDeep && url !== ""
        ? { ...base, snippet, source_ref: { type: "url", location: url } }
        : { ...base, content: snippet },
    ];
  });
  return {
    items,
    item_count: items.length,
    status: "ok",
    rationale: `Kept ${items.length} results.`,
  };
};
