import { formatDuration } from "../../core/duration.ts";
import { isJsonObject, type Json } from "../../core/json.ts";
import type { EventEnvelope } from "../../core/run-events.ts";

/** The keys of payloads that say something at a glance, in the order in which they are said. */
const TELLING = [
  "skill_id",
  "skill_version",
  "environment",
  "uses",
  "capability_id",
  "binding_id",
  "status",
  "kind",
  "name",
  "decision",
  "outcome",
  "resolution",
  "receipt",
  "signal_id",
] as const;

/** What an event says besides its type and step, in a few words. Works for types that this program does not know. */
export function gistOfEvent({ event_type: type, payload }: EventEnvelope): string {
  const { attempt } = payload;
  const parts = [
    typeof attempt === "number" && attempt > 1 ? `attempt ${attempt}` : null,
    ...TELLING.map((key) => textOf(payload[key])),
    waitOf(payload.wait),
    errorOf(payload.error),
    textOf(payload.reason),
    textOf(payload.due_at) ?? textOf(payload.until),
    typeof payload.duration_ms === "number" ? formatDuration(payload.duration_ms) : null,
    type === "run.completed" && isJsonObject(payload.outputs) ? keysOf(payload.outputs) : null,
  ];
  return parts.filter((part) => part !== null).join(" · ");
}

function waitOf(wait: Json | undefined): string | null {
  if (!isJsonObject(wait)) return null;
  const name = textOf(wait.name);
  return name === null ? `waits for a ${textOf(wait.kind) ?? "signal"}` : `waits for ${name}`;
}

function errorOf(error: Json | undefined): string | null {
  if (!isJsonObject(error)) return null;
  return [textOf(error.code), textOf(error.message)].filter((text) => text !== null).join(": ");
}

function keysOf(outputs: { [key: string]: Json }): string | null {
  const keys = Object.keys(outputs);
  return keys.length === 0 ? null : `outputs ${keys.join(", ")}`;
}

function textOf(value: Json | undefined): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
