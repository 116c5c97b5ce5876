import { z } from "zod";
import { JsonObjectSchema } from "../../core/field.ts";
import type { EventEnvelope } from "../../core/run-events.ts";
import type { StepView } from "../../core/run-view.ts";
import { runStatusAfter } from "../../core/run-status-after.ts";
import type { RunStatus } from "../../core/run.ts";
import { foldStepViews } from "../../core/step-views.ts";
import { EVENT_TOPICS, isEventType } from "./event-types.ts";

/** What the page knows of a run's history so far. `events` only ever grows; `head` says how far it was read. */
export type RunLogSnapshot = {
  events: readonly EventEnvelope[];
  head: number;
  steps: ReadonlyMap<string, StepView>;
  /** The status that the last event about the run led to; null before the first one. */
  status: RunStatus | null;
};

export const EMPTY_LOG: RunLogSnapshot = { events: [], head: 0, steps: new Map(), status: null };

const EnvelopeSchema = z.object({
  event_id: z.string(),
  event_version: z.literal("1.0"),
  event_type: z.string().refine(isEventType),
  occurred_at: z.string(),
  tenant_id: z.string(),
  run_id: z.string(),
  trace_id: z.string(),
  sequence: z.int(),
  actor: z.string().exactOptional(),
  payload: JsonObjectSchema,
});

/** The event that one message of the stream carries; null for one that this version does not know. */
export function parseEnvelope(data: string): EventEnvelope | null {
  const parsed = EnvelopeSchema.safeParse(parseJson(data));
  return parsed.success ? parsed.data : null;
}

/** The log with the events added that lie beyond its head; what came twice is dropped. */
export function appendEvents(log: RunLogSnapshot, added: readonly EventEnvelope[]): RunLogSnapshot {
  const steps = new Map(log.steps);
  const events = [...log.events];
  let { head, status } = log;
  for (const event of added) {
    if (event.sequence <= head) continue;
    head = event.sequence;
    status = runStatusAfter(status ?? "pending", event.event_type);
    events.push(event);
    foldStepViews(steps, event);
  }
  return head === log.head ? log : { events, head, steps, status };
}

/** Every name under which the stream may send a message. */
export const STREAMED_TYPES: readonly string[] = Object.keys(EVENT_TOPICS);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
