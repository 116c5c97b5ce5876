import type { EventEnvelope } from "../../core/run-events.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { createBell } from "../runs/bell.ts";
import type { SharedEventReader } from "./shared-event-reader.ts";

/** As many as a segment may hold: small pages would read a large one again for each of them. */
const PAGE_EVENTS = 10_000;
/** So many are handed over at once, so that a slow client holds up little text. */
const STEP_EVENTS = 200;

export type FollowedRun = { tenantId: string; runId: string; after: number; isEnded: boolean };

/** `idle` stands for a while in which nothing happened, so that the connection can be kept open. */
export type FollowStep = { kind: "events"; events: EventEnvelope[] } | { kind: "idle" };

/**
 * The run's durable events after `after`, in order, without gap or duplicate: first what is there, then what comes.
 * Ends after the event that ends the run, unless the run was resumed since; or when `signal` aborts.
 */
export async function* followRun(
  run: FollowedRun,
  dependencies: {
    reader: SharedEventReader;
    runtime: Pick<Runtime, "subscribe">;
    idleMs: number;
    signal: AbortSignal;
  },
): AsyncGenerator<FollowStep> {
  const { reader, runtime, idleMs, signal } = dependencies;
  const bell = createBell(signal);
  // Subscribed before the first read: what is written between the two rings the bell.
  const unsubscribe = runtime.subscribe(run.tenantId, run.runId, () => bell.ring());
  let { after, isEnded } = run;
  try {
    while (!signal.aborted) {
      bell.mute();
      const events = await reader.read({
        tenantId: run.tenantId,
        runId: run.runId,
        after,
        limit: PAGE_EVENTS,
      });
      if (events.length > 0) {
        for (let from = 0; from < events.length; from += STEP_EVENTS)
          yield { kind: "events", events: events.slice(from, from + STEP_EVENTS) };
        for (const event of events) isEnded = endsAfter(event, isEnded);
        after = events.at(-1)?.sequence ?? after;
      } else if (isEnded) {
        return;
      } else if (!(await bell.heard(idleMs))) {
        // The bell may be lost with the process that rings it; the next read looks for itself.
        if (!signal.aborted) yield { kind: "idle" };
      }
    }
  } finally {
    unsubscribe();
  }
}

function endsAfter(event: EventEnvelope, wasEnded: boolean): boolean {
  switch (event.event_type) {
    case "run.completed":
    case "run.failed":
    case "run.canceled":
      return true;
    case "run.resumed":
      return false;
    default:
      return wasEnded;
  }
}
