import type { Builtin, BuiltinModule } from "../builtin.ts";
import { analyzeSource } from "../code/analyze-source.ts";
import { evaluateSnippet } from "../code/evaluate-snippet.ts";
import { extractDiff } from "../code/extract-diff.ts";
import { formatSource } from "../code/format-source.ts";
import { readInbox } from "../email/read-inbox.ts";
import { sendMail } from "../email/send-mail.ts";
import { listFiles } from "../fs/list-files.ts";
import { readFileBuiltin } from "../fs/read-file.ts";
import { writeFileBuiltin } from "../fs/write-file.ts";
import { formatMessage } from "../message/format-message.ts";
import { generateDocument } from "../message/generate-document.ts";
import { sendNotification } from "../message/send-notification.ts";
import { readPdf } from "../pdf/read-pdf.ts";
import { classifyMessagePriority } from "../reasoning/classify-priority.ts";
import { chunkText } from "../text/chunk-text.ts";
import { extractPage } from "../web/extract-page.ts";
import { fetchPage } from "../web/fetch-page.ts";
import { normalizeResults } from "../web/normalize-results.ts";
import { retrieveSources } from "../web/retrieve-sources.ts";
import { searchWeb } from "../web/search-web.ts";
import { sendRequest } from "../web/send-request.ts";
import { verifySource } from "../web/verify-source.ts";
import { renameInput } from "./rename-input.ts";

/** As `fetchPage`, with the HTTP status where that registry's bindings look for it. */
export const fetchWebpage: Builtin = async (input, context) => {
  const page = await fetchPage(input, context);
  return { ...page, status: page["http_status"] ?? null };
};

/** `official_services.code_baseline` of the ORCA registry. */
export const CODE_BASELINE: BuiltinModule = {
  analyze_code: analyzeSource,
  execute_code: evaluateSnippet,
  extract_diff: renameInput(extractDiff, { code_a: "code_before", code_b: "code_after" }),
  format_code: formatSource,
};

/** `official_services.doc_baseline` of the ORCA registry. */
export const DOC_BASELINE: BuiltinModule = {
  chunk_document: chunkText,
  generate_document: generateDocument,
  read_pdf: readPdf,
  resolve_corpus_sources: retrieveSources,
};

/** `official_services.email_baseline` of the ORCA registry. */
export const EMAIL_BASELINE: BuiltinModule = { read_emails: readInbox, send_email: sendMail };

/** `official_services.fs_baseline` of the ORCA registry. */
export const FS_BASELINE: BuiltinModule = {
  list_files: listFiles,
  read_file: readFileBuiltin,
  write_file: writeFileBuiltin,
};

/** `official_services.message_baseline` of the ORCA registry. */
export const MESSAGE_BASELINE: BuiltinModule = {
  classify_priority: classifyMessagePriority,
  format_message: formatMessage,
  send_message: renameInput(sendNotification, { recipient: "channel" }),
};

/** `official_services.web_baseline` of the ORCA registry. */
export const WEB_BASELINE: BuiltinModule = {
  extract_webpage: extractPage,
  fetch_webpage: fetchWebpage,
  normalize_search_results: normalizeResults,
  search_web: searchWeb,
  send_request: sendRequest,
  verify_source: verifySource,
};
