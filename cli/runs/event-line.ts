import { type EventEnvelope, stepKeyOfPayload } from "../../core/run-events.ts";
import { toOneLine } from "../terminal/one-line.ts";
import type { Output } from "../terminal/terminal.ts";
import { pad, textWidth, truncate } from "../terminal/text-width.ts";
import { toneOfStatus } from "../terminal/tone.ts";
import { gistOfEvent } from "./gist-of-event.ts";

const GAP = "  ";
const SEQUENCE_WIDTH = 5;
/** The longest names of the types that come often. */
const TYPE_WIDTH = 21;
const STEP_WIDTHS = { least: 12, most: 28 };

/**
 * A writer of events as lines: time, sequence, type, step, gist. In a terminal the time of day as its clock has it, cut to
 * the terminal's width; elsewhere the whole time in UTC, and nothing cut. The column of steps grows with what comes.
 */
export function createEventLines({
  width,
  paint,
}: Pick<Output, "width" | "paint">): (event: EventEnvelope) => string {
  let stepWidth = STEP_WIDTHS.least;
  return (event) => {
    const columns = width();
    const step = toOneLine(stepKeyOfPayload(event.payload) ?? "–");
    stepWidth = Math.max(stepWidth, Math.min(textWidth(step), STEP_WIDTHS.most));
    const before = [
      columns === null ? event.occurred_at : localTime(event.occurred_at),
      pad(String(event.sequence), SEQUENCE_WIDTH, "right"),
    ].join(GAP);
    const type = pad(toOneLine(event.event_type), TYPE_WIDTH);
    const rest = [pad(step, stepWidth), toOneLine(gistOfEvent(event))].join(GAP).trimEnd();
    const room = columns === null ? null : columns - before.length - type.length - 2 * GAP.length;
    return [
      paint("quiet", before),
      paint(toneOfStatus(event.event_type.split(".")[1] ?? ""), type),
      room === null ? rest : truncate(rest, room),
    ]
      .join(GAP)
      .trimEnd();
  };
}

function localTime(timestamp: string): string {
  const date = new Date(timestamp);
  const two = (value: number) => String(value).padStart(2, "0");
  const ms = String(date.getMilliseconds()).padStart(3, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}
