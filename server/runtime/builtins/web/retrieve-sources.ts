import { DomainError } from "../../../../core/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { readSandboxFile } from "../fs/sandbox-files.ts";
import { InputReader } from "../input-reader.ts";
import { readPdf } from "../pdf/read-pdf.ts";
import { extractContent } from "../text/extract-content.ts";
import { fetchPage } from "./fetch-page.ts";

const MAX_ITEMS = 200;

/**
 * Fills in the `content` of items that only have a `source_ref {type, location}`: `url` is fetched, `pdf_path` and `fs_path`
 * are read from the sandbox folder, `raw_text` is taken. Items with content pass unchanged. One source that cannot be read
 * is kept with its `error` and makes the result `partial`; if none can be read, the call fails as the first one did.
 */
export const retrieveSources: Builtin = async (input, context) => {
  const items = new InputReader(input).list("items");
  if (items.length > MAX_ITEMS)
    throw new DomainError(
      "payload_too_large",
      `There are ${items.length} items; at most ${MAX_ITEMS} are read in one call.`,
    );
  const out: JsonObject[] = [];
  const failures: unknown[] = [];
  for (const [index, raw] of items.entries()) {
    context.signal.throwIfAborted();
    const item = isJsonObject(raw) ? raw : { id: `item-${index + 1}`, content: asText(raw) };
    try {
      out.push({ ...item, content: await contentOf(item, context) });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      failures.push(error);
      out.push({ ...item, content: asText(item["snippet"]), error: error.message });
    }
  }
  if (failures.length > 0 && failures.length === items.length) throw failures[0];
  return {
    items: out,
    failed_count: failures.length,
    status: failures.length === 0 ? "ok" : "partial",
    rationale: `Read ${out.length - failures.length} of ${out.length} sources.`,
  };
};

async function contentOf(item: JsonObject, context: BuiltinContext): Promise<string> {
  const own = item["content"] ?? item["text"];
  if (typeof own === "string" && own !== "") return own;
  const source: Json = item["source_ref"] ?? null;
  if (!isJsonObject(source)) return asText(item["snippet"] ?? own);
  const [type, location] = [asText(source["type"]), asText(source["location"] ?? source["value"])];
  if (type === "url")
    return asText(
      (
        await extractContent(
          { text: asText((await fetchPage({ url: location }, context))["content"]) },
          context,
        )
      )["text"],
    );
  if (type === "pdf_path") return asText((await readPdf({ path: location }, context))["text"]);
  if (type === "fs_path") return (await readSandboxFile(context, location)).toString("utf8");
  if (type === "raw_text") return location;
  throw new DomainError("invalid_request", `There is no source type "${type}".`, {
    hint: "Use url, pdf_path, fs_path or raw_text.",
  });
}
