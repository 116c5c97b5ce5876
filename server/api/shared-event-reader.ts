import type { EventEnvelope } from "../../core/run-events.ts";
import type { Database } from "../database/client.ts";
import { type EventRange, readEvents } from "../database/event-reader.ts";

/** Reads events for streams; clients of one run that stand at the same place share one read of the database. */
export type SharedEventReader = { read(range: EventRange): Promise<EventEnvelope[]> };

/** Only reads that are under way are shared, so that nothing is kept and nothing can be out of date. */
export function createSharedEventReader(database: Pick<Database, "pool">): SharedEventReader {
  const underWay = new Map<string, Promise<EventEnvelope[]>>();
  return {
    read(range) {
      const key = `${range.tenantId}/${range.runId}/${range.after}/${range.limit}`;
      const shared = underWay.get(key);
      if (shared !== undefined) return shared;
      const read = readEvents(database, range).finally(() => underWay.delete(key));
      underWay.set(key, read);
      return read;
    },
  };
}
