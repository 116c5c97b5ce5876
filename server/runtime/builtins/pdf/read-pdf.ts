import { extractText, getDocumentProxy, getMeta } from "unpdf";
import { DomainError } from "../../../../core/errors.ts";
import { JsonObjectSchema } from "../../../../core/field.ts";
import type { JsonObject } from "../../../../core/json.ts";
import type { Builtin } from "../builtin.ts";
import { readSandboxFile } from "../fs/sandbox-files.ts";
import { InputReader, MAX_TEXT_LENGTH } from "../input-reader.ts";

const MAX_PAGES = 2_000;

/**
 * The text of a PDF of the sandbox folder, pages in order, with `metadata` (pages, title, author …). A PDF of scanned pages
 * holds no text: `text` is then empty and the result `partial`. A file that is no PDF is `invalid_request`.
 */
export const readPdf: Builtin = async (input, context) => {
  const name = new InputReader(input).text("path");
  const bytes = await readSandboxFile(context, name);
  const { pages, info } = await readPages(bytes, name, context.signal);
  const text = pages.join("\n\n").slice(0, MAX_TEXT_LENGTH);
  return {
    text,
    pages,
    metadata: { ...info, page_count: pages.length, path: name },
    status: text.trim() === "" ? "partial" : "ok",
    rationale:
      text.trim() === ""
        ? "The pages hold pictures only; no text recognition is bound."
        : `Read ${pages.length} pages.`,
  };
};

async function readPages(
  bytes: Buffer,
  name: string,
  signal: AbortSignal,
): Promise<{ pages: string[]; info: JsonObject }> {
  if (bytes.subarray(0, 1_024).indexOf("%PDF-") < 0) throw notPdf(name, undefined);
  try {
    await using document = await openDocument(bytes);
    if (document.pdf.numPages > MAX_PAGES)
      throw new DomainError(
        "payload_too_large",
        `"${name}" has ${document.pdf.numPages} pages; at most ${MAX_PAGES} are read.`,
      );
    const { text } = await extractText(document.pdf, { mergePages: false });
    signal.throwIfAborted();
    const meta = await getMeta(document.pdf);
    const info = JsonObjectSchema.safeParse(JSON.parse(JSON.stringify(meta.info)));
    return {
      pages: text.map((page) => page.trim()),
      info: info.success ? plainFields(info.data) : {},
    };
  } catch (error) {
    if (error instanceof DomainError || signal.aborted) throw error;
    throw notPdf(name, error);
  }
}

async function openDocument(bytes: Buffer) {
  const pdf = await getDocumentProxy(new Uint8Array(bytes), {
    isEvalSupported: false,
    verbosity: 0,
  });
  return { pdf, [Symbol.asyncDispose]: () => pdf.destroy() };
}

function plainFields(info: JsonObject): JsonObject {
  return Object.fromEntries(
    ["Title", "Author", "Subject", "Creator", "Producer", "CreationDate"]
      .filter((field) => typeof info[field] === "string")
      .map((field) => [field.toLowerCase(), info[field] ?? null]),
  );
}

function notPdf(name: string, cause: unknown): DomainError {
  return new DomainError("invalid_request", `"${name}" cannot be read as a PDF.`, {
    hint: "Check that the file is a PDF, whole and without a password.",
    details: { path: name },
    cause,
  });
}
