const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What stands for bytes that are not UTF-8: text that `readYaml` refuses as `invalid_encoding`, with the file's name. */
const UNREADABLE = "\0";

/** The text of a file's bytes. A document that is not UTF-8 is kept, so that the report can name it. */
export function decodeDocument(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return UNREADABLE;
  }
}
