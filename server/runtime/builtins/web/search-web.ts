import { z } from "zod";
import { DomainError } from "../../../../core/errors.ts";
import type { Builtin } from "../builtin.ts";
import { parseJsonText } from "../data/parse-json.ts";
import { InputReader } from "../input-reader.ts";
import { bodyText, fetchUrl } from "./fetch-url.ts";

const HitSchema = z.looseObject({
  url: z.string().optional(),
  link: z.string().optional(),
  title: z.string().optional(),
  snippet: z.string().optional(),
  content: z.string().optional(),
  description: z.string().optional(),
});
const AnswerSchema = z.union([z.array(HitSchema), z.looseObject({ results: z.array(HitSchema) })]);

/**
 * Asks the configured search endpoint: `GET <searchUrl>?q=…&limit=…&format=json`, answered by a list or `{results: […]}` of
 * `{url, title, snippet}`. Without an endpoint, or with an answer in another form, it is `upstream_failure`: no result is made up.
 */
export const searchWeb: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const [query, limit] = [given.text("query"), given.whole("limit", 5, 1, 50)];
  if (context.searchUrl === null) {
    throw new DomainError("upstream_failure", "No search service is configured.", {
      hint: "Set ORCA_SEARCH_URL to an endpoint that answers ?q= with JSON results.",
    });
  }
  const url = new URL(context.searchUrl);
  url.searchParams.set("q", query);
  url.searchParams.set("limit", String(limit));
  url.searchParams.set("format", "json");
  const answer = await fetchUrl(context, url.href, { headers: { accept: "application/json" } });
  const results = readHits(answer.status, bodyText(answer)).slice(0, limit);
  return {
    results,
    total: results.length,
    status: results.length === 0 ? "partial" : "ok",
    rationale: `The search service gave ${results.length} results.`,
  };
};

function readHits(status: number, text: string) {
  const hits = status === 200 ? AnswerSchema.safeParse(asJson(text)) : null;
  if (hits === null || !hits.success) {
    throw new DomainError(
      "upstream_failure",
      `The search service answered ${status} in a form that is not understood.`,
      { details: { http_status: status } },
    );
  }
  const list = Array.isArray(hits.data) ? hits.data : hits.data.results;
  return list.flatMap((hit) => {
    const url = hit.url ?? hit.link;
    return url === undefined
      ? []
      : [
          {
            url,
            title: hit.title ?? url,
            snippet: hit.snippet ?? hit.content ?? hit.description ?? "",
          },
        ];
  });
}

function asJson(text: string): unknown {
  try {
    return parseJsonText(text);
  } catch {
    return null;
  }
}
