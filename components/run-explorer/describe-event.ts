import type { EventEnvelope } from "../../core/run-events.ts";
import { isJsonObject, type Json } from "../../core/json.ts";

/** What an event says, in words, without its payload's bulk: the detail that one scans a list for. */
export function describeEvent({ payload }: EventEnvelope): string {
  const parts = [
    stepOf(payload),
    typeof payload["attempt"] === "number" && payload["attempt"] > 1
      ? `attempt ${payload["attempt"]}`
      : null,
    textOf(payload["binding_id"]),
    textOf(payload["status"]),
    textOf(payload["kind"]),
    textOf(payload["name"]),
    textOf(payload["outcome"]),
    isJsonObject(payload["error"]) ? textOf(payload["error"]["message"]) : null,
    textOf(payload["reason"]),
    Array.isArray(payload["undo"]) ? `${payload["undo"].length} to undo` : null,
    textOf(payload["decision"]),
    textOf(payload["due_at"]),
  ];
  return parts.filter((part) => part !== null).join(" · ");
}

function stepOf(payload: { [key: string]: Json }): string | null {
  const step = textOf(payload["step_id"]) ?? textOf(payload["step_path"]);
  const occurrence = textOf(payload["occurrence"]);
  return step === null || occurrence === null ? step : `${step} #${occurrence}`;
}

function textOf(value: Json | undefined): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
