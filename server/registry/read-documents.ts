import { setImmediate } from "node:timers/promises";
import { createEntryMeter } from "./entry-meter.ts";
import { readDocument, type DocumentReading, type SourceDocument } from "./read-document.ts";

/** How long other requests of the process wait at most for a large import; one document takes longer if it is huge. */
const SLICE_MS = 10;

/**
 * Reads the files one by one and lets the process do other things in between. `elapsed` tells milliseconds. Throws
 * `payload_too_large` for more files or bytes than an import may bring.
 */
export async function readDocuments(
  documents: readonly SourceDocument[],
  elapsed: () => number,
): Promise<DocumentReading[]> {
  const meter = createEntryMeter();
  for (const { content } of documents) meter.count(Buffer.byteLength(content));
  const readings: DocumentReading[] = [];
  let sliceStart = elapsed();
  for (const document of documents) {
    readings.push(readDocument(document));
    if (elapsed() - sliceStart < SLICE_MS) continue;
    await setImmediate();
    sliceStart = elapsed();
  }
  return readings;
}
