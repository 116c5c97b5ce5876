import { setImmediate } from "node:timers/promises";
import type { JsonObject } from "../../core/json.ts";
import { Redactor } from "../../core/redaction.ts";
import { storedText, type RunEvent } from "../../core/run-events.ts";
import { withPayload } from "./pack-event.ts";

/** Between so many events others get their turn. */
const EVENTS_PER_TURN = 500;

type Definition = { document: JsonObject };

/** A redactor that has learned every secret of a run, its definitions and its instance. */
export async function learnSecrets(
  known: Iterable<string>,
  events: readonly RunEvent[],
  definitions: readonly Definition[],
): Promise<Redactor> {
  const redactor = new Redactor(known);
  for (const { document } of definitions) redactor.learn(document, "definition");
  for (const [index, { payload }] of events.entries()) {
    redactor.learn(payload, "data");
    if (index % EVENTS_PER_TURN === 0) await setImmediate();
  }
  return redactor;
}

/** The events without secrets; one that holds none is the same object, and its text the recorded one. */
export async function redactEvents(
  redactor: Redactor,
  events: readonly RunEvent[],
): Promise<RunEvent[]> {
  const redacted: RunEvent[] = [];
  for (const [index, event] of events.entries()) {
    const payload = redactor.redact(event.payload, "data", "events", `/${event.type}`);
    redacted.push(payload === event.payload ? event : withPayload(event, payload));
    if (index % EVENTS_PER_TURN === 0) await setImmediate();
  }
  return redacted;
}

/** The variables that definitions name as `${UPPER_CASE}`. */
export function variablesIn(definitions: readonly Definition[]): Set<string> {
  const texts = definitions.map(({ document }) => JSON.stringify(document));
  const names = texts.flatMap((text) => [...text.matchAll(/\$\{([A-Z][A-Z0-9_]*)\}/g)]);
  return new Set(names.map(([, name = ""]) => name));
}

/** The texts under which a pack carries events. */
export function textsOf(events: readonly RunEvent[]): string[] {
  return events.map(storedText);
}
