import { isJsonObject } from "../../../../core/json.ts";
import { allText } from "../decision/read-options.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { cosine, embed } from "../text/embed-text.ts";
import { collectionOf, isExpired } from "./store-record.ts";

const MAX_SEARCHED = 5_000;

/** The `top_k` (5) entries of `namespace` whose wording is nearest to `query` (hashed vectors, cosine above 0), best first. */
export const searchRecords: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const wanted = embed(given.text("query"));
  const entries = (
    await context.records.list(collectionOf(given.text("namespace", "default")), MAX_SEARCHED)
  ).filter((entry) => !isExpired(entry.value, context));
  const scored = entries.map(({ key, value }) => {
    const content = value["value"] ?? null;
    const text =
      isJsonObject(content) && typeof content["source_text"] === "string"
        ? content["source_text"]
        : allText(content);
    return {
      record_id: key,
      score: Math.round(cosine(wanted, embed(text.slice(0, 20_000))) * 1_000) / 1_000,
      record: content,
    };
  });
  const results = scored
    .filter((entry) => entry.score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, given.whole("top_k", 5, 1, 200));
  return {
    results,
    total_searched: entries.length,
    status: "ok",
    rationale: `Compared the wording of ${entries.length} entries.`,
  };
};
