import { DatabaseError, type Pool, type QueryConfig } from "pg";
import { DomainError } from "../../core/errors.ts";
import { fromStored, storedText, type StoredEvent } from "../../core/run-events.ts";

/** character_not_in_repertoire: the bytes are no UTF-8; invalid_text_representation: the text is no JSON. */
const UNREADABLE: ReadonlySet<string> = new Set(["22021", "22P02"]);

/**
 * Asks for bodies as text, which costs a quarter of what node-postgres takes for bytes. Throws `invalid_configuration`
 * where one holds no text.
 */
export async function queryTexts(pool: Pool, query: QueryConfig): Promise<{ rows: unknown[] }> {
  try {
    return await pool.query(query);
  } catch (error) {
    if (error instanceof DatabaseError && UNREADABLE.has(error.code ?? ""))
      throw damagedSegment(error);
    throw error;
  }
}

/** The events of one segment that was read as text. Throws `invalid_configuration` for what are no events. */
export function parseSegmentText(body: string): StoredEvent[] {
  return parseStored(body).map((value) => {
    const event = fromStored(value);
    if (event === null) throw damagedSegment();
    return event;
  });
}

function parseStored(body: string): unknown[] {
  try {
    const events: unknown = JSON.parse(body);
    if (Array.isArray(events)) return events;
  } catch (cause) {
    throw damagedSegment(cause);
  }
  throw damagedSegment();
}

/** The refusal of a stored segment that the journal cannot have written so. */
function damagedSegment(cause?: unknown): DomainError {
  return new DomainError(
    "invalid_configuration",
    "The run's history is damaged: a stored segment of it does not hold events.",
    { hint: "Restore the run's events from a backup.", cause },
  );
}

/** Between two events of a segment: the end of one's list, and the other's type, time and the beginning of its payload. */
const BOUNDARY = /\],(?=\["[a-z_]+\.[a-z_]+",-?\d+,\{)/g;

/**
 * The texts under which a segment stores its events, cut out of its own text: cheaper than writing parsed events again.
 * Every boundary looks like this one; where a payload has something that does too, there are too many, and the events
 * are written again.
 */
export function textsOfSegment(body: string, events: readonly StoredEvent[]): string[] {
  const cuts = [...body.matchAll(BOUNDARY)].map(({ index }) => index + 1);
  if (cuts.length !== events.length - 1 || !body.startsWith("[[") || !body.endsWith("]]"))
    return events.map(storedText);
  return events.map((_, index) =>
    body.slice(index === 0 ? 1 : (cuts[index - 1] ?? 0) + 1, cuts[index] ?? body.length - 1),
  );
}
