import type { BuiltinModule } from "../builtin.ts";
import { extractPage } from "./extract-page.ts";
import { fetchPage } from "./fetch-page.ts";
import { normalizeResults } from "./normalize-results.ts";
import { retrieveSources } from "./retrieve-sources.ts";
import { searchWeb } from "./search-web.ts";
import { sendRequest } from "./send-request.ts";
import { verifySource } from "./verify-source.ts";

/** Module `orca.web`: pages, requests and search, always through the environment's network rules. */
export const WEB_MODULE: BuiltinModule = {
  extract_page: extractPage,
  fetch_page: fetchPage,
  normalize_results: normalizeResults,
  retrieve_sources: retrieveSources,
  search: searchWeb,
  send_request: sendRequest,
  verify_source: verifySource,
};
