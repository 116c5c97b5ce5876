import type { NewEvent, RunEvent } from "../../core/run-events.ts";
import { damagedPack } from "./pack-errors.ts";

/** A stored line as an event at its place. What its payload says is judged by whoever folds it. */
export function toRunEvent(line: object, sequence: number): RunEvent {
  if (!isEvent(line)) throw damagedPack("events", `line ${sequence} is not an event`);
  return { ...line, sequence };
}

function isEvent(line: object): line is NewEvent & { at: number } {
  return "type" in line && "payload" in line && "at" in line;
}
