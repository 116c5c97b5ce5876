import { fromStored, type RunEvent } from "../../core/run-events.ts";
import { damagedPack } from "./pack-errors.ts";

/** The same event with another payload. */
export function withPayload(event: RunEvent, payload: unknown): RunEvent {
  const { type, at, actor, sequence } = event;
  const changed = fromStored([type, at, payload, actor]);
  if (changed === null) throw damagedPack("events", `line ${sequence} is not an event`);
  return { ...changed, sequence };
}
