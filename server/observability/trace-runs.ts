import type { Logger } from "pino";
import type { Database } from "../database/client.ts";
import { readEvents } from "../database/event-reader.ts";
import type { EventEnvelope } from "../../core/run-events.ts";
import { toRunSpan } from "./run-spans.ts";
import type { Tracing } from "./tracing.ts";

/** A longer history makes no trace that anybody would open. */
const MAX_EVENTS = 20_000;
/** Runs whose traces wait beyond this go without one: traces must not cost what they watch over. */
const MAX_WAITING = 1_000;

/** Sends the trace of every run that it is told of, one after the other, read back from the run's events. */
export function createRunTracer(parts: {
  database: Pick<Database, "pool">;
  tracing: Tracing;
  logger: Logger;
}) {
  const { database, tracing, logger } = parts;
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();

  async function sendTrace(tenantId: string, runId: string): Promise<void> {
    try {
      const events: EventEnvelope[] = [];
      for (;;) {
        const page = await readEvents(database, {
          tenantId,
          runId,
          after: events.length,
          limit: 2_000,
        });
        events.push(...page);
        if (page.length === 0 || events.length >= MAX_EVENTS) break;
      }
      const span = toRunSpan(events);
      if (span !== null) tracing.send(events[0]?.trace_id ?? "", span);
    } catch (error) {
      logger.warn({ err: error, run_id: runId }, "A run's trace could not be sent");
    } finally {
      waiting -= 1;
    }
  }

  return {
    runEnded: (tenantId: string, runId: string): void => {
      if (waiting >= MAX_WAITING) return;
      waiting += 1;
      last = last.then(() => sendTrace(tenantId, runId));
    },
    /** Resolves once the traces of all runs that it was told of are on their way. */
    settled: () => last,
  };
}
