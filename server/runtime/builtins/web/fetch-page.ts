import { DomainError } from "../../../../core/errors.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { bodyText, fetchUrl } from "./fetch-url.ts";

/** Fetches a page with GET. An answer of 400 and above is `upstream_failure`; `content` is the body as text. */
export const fetchPage: Builtin = async (input, context) => {
  const url = new InputReader(input).text("url");
  const answer = await fetchUrl(context, url, {
    headers: { accept: "text/html, text/plain;q=0.9, */*;q=0.5" },
  });
  if (answer.status >= 400) {
    throw new DomainError("upstream_failure", `${answer.url} answered ${answer.status}.`, {
      details: { http_status: answer.status, url: answer.url },
    });
  }
  return {
    content: bodyText(answer),
    http_status: answer.status,
    content_type: answer.headers["content-type"] ?? "",
    final_url: answer.url,
    status: "ok",
    rationale: `${answer.url} answered ${answer.status} with ${answer.body.length} bytes.`,
  };
};
