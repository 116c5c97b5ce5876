import type { ServerResponse } from "node:http";
import { DomainError } from "../../core/errors.ts";
import type { EventEnvelope } from "../../core/run-events.ts";
import { isTerminal } from "../../core/run.ts";
import { findRun } from "../database/run-queries.ts";
import { runNotFound } from "../runs/run-not-found.ts";
import type { CallContext } from "./call-context.ts";
import { followRun } from "./follow-run.ts";
import type { SharedEventReader } from "./shared-event-reader.ts";
import { untilDrained } from "./until-drained.ts";

/** A comment this often keeps proxies from closing a quiet stream (contract.md §5). */
const HEARTBEAT_MS = 15_000;

export type StreamRequest = {
  runId: string;
  after: string | null;
  lastEventId: string | undefined;
};

/**
 * Sends a run's events as server-sent events: `id` is the sequence, `event` the type, `data` the envelope. A client
 * that comes back with Last-Event-ID goes on where it was. Closes after the event that ends the run; a client
 * that has seen it gets 204, which tells browsers not to come back.
 */
export async function serveStream(
  ctx: CallContext,
  response: ServerResponse,
  request: StreamRequest,
  reader: SharedEventReader,
): Promise<void> {
  const after = positionOf(request);
  const { database, runtime, metrics } = ctx.dependencies;
  const run = await findRun(database, ctx.tenantId, request.runId);
  if (run === null) throw runNotFound(request.runId);
  const isEnded = isTerminal(run.status);
  if (isEnded && after >= run.head_sequence) {
    response.writeHead(204).end();
    return;
  }
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store, no-transform",
    "x-accel-buffering": "no",
  });
  response.flushHeaders();
  metrics.openStreams.inc();
  try {
    const followed = {
      tenantId: ctx.tenantId,
      runId: run.run_id,
      after,
      isEnded: isEnded && after >= run.head_sequence,
    };
    for await (const step of followRun(followed, {
      reader,
      runtime,
      idleMs: HEARTBEAT_MS,
      signal: ctx.signal,
    })) {
      await write(
        response,
        step.kind === "idle" ? ":\n\n" : step.events.map(toFrame).join(""),
        ctx.signal,
      );
    }
  } finally {
    metrics.openStreams.dec();
    response.end();
  }
}

/** Last-Event-ID wins: a browser that reconnects sends it along with the address it first used. */
function positionOf({ after, lastEventId }: StreamRequest): number {
  const given = lastEventId === undefined || lastEventId === "" ? (after ?? "0") : lastEventId;
  if (/^\d{1,9}$/.test(given)) return Number(given);
  throw new DomainError(
    "invalid_request",
    "after must be the sequence of an event, a whole number from 0.",
    {
      hint: "Leave it out to stream from the beginning.",
      details: { fields: [{ path: "after", message: "expected a whole number from 0" }] },
    },
  );
}

const frames = new WeakMap<EventEnvelope, string>();

/** Clients who share a read share the text too. */
function toFrame(event: EventEnvelope): string {
  const known = frames.get(event);
  if (known !== undefined) return known;
  const frame = `id: ${event.sequence}\nevent: ${event.event_type}\ndata: ${JSON.stringify(event)}\n\n`;
  frames.set(event, frame);
  return frame;
}

/** Waits until a slow client has taken what was sent before: memory holds one page per client, not a run. */
async function write(response: ServerResponse, text: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted || response.destroyed || response.write(text)) return;
  await untilDrained(response, signal);
}
