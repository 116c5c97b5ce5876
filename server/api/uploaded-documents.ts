import { DomainError } from "../../core/errors.ts";
import { readArchive } from "../registry/read-archive.ts";

type UploadedDocument = { path: string; content: string };

/**
 * The registry documents of an upload that is not JSON: an archive as the whole body, or a form whose files are
 * archives or documents. Throws `invalid_request` for anything else.
 */
export async function readUploadedDocuments(
  contentType: string,
  body: Buffer,
): Promise<UploadedDocument[]> {
  if (!/^multipart\/form-data/i.test(contentType)) return readArchive(body);
  const files = await readForm(contentType, body);
  const documents = await Promise.all(files.map(toDocuments));
  return documents.flat();
}

async function readForm(contentType: string, body: Buffer): Promise<File[]> {
  try {
    const form = await new Response(new Uint8Array(body), {
      headers: { "content-type": contentType },
    }).formData();
    return [...form.values()].filter((value) => value instanceof File);
  } catch (cause) {
    throw new DomainError("invalid_request", "The uploaded form cannot be read.", {
      hint: "Send the archive as the body, or as a file of a multipart/form-data form.",
      cause,
    });
  }
}

async function toDocuments(file: File): Promise<UploadedDocument[]> {
  if (/\.ya?ml$/i.test(file.name)) return [{ path: file.name, content: await file.text() }];
  return readArchive(new Uint8Array(await file.arrayBuffer()));
}
