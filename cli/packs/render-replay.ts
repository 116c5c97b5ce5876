import type { RedriveDifference } from "../../core/redrive.ts";
import { renderFacts } from "../terminal/render-facts.ts";
import type { Paint } from "../terminal/tone.ts";

/** What an offline replay found. */
export type ReplayReport = {
  run_id: string;
  skill_id: string;
  skill_version: string;
  /** Events of the run, and those that the engine decides or takes as they were recorded. */
  events: number;
  identical: number;
  /** Events that rest on values which the pack redacted. */
  incomparable: number[];
  /** Events after one that cannot be folded. */
  unreached: number;
  /** The first one; null where there is none. */
  difference: RedriveDifference | null;
};

/** `identical n/n`, or where the history and the engine part. */
export function renderReplay(report: ReplayReport, paint: Paint): string[] {
  const { events, identical, incomparable, unreached, difference } = report;
  const count = `${identical}/${events}`;
  const notes = unreached === 0 ? [] : [`${unreached} events could not be reached`];
  if (incomparable.length > 0) {
    const numbers = shorten(incomparable.map((each) => `#${each}`).join(" "));
    notes.unshift(
      `${incomparable.length} not comparable, because they rest on redacted values: ${numbers}`,
    );
  }
  if (difference === null) return [paint("good", `identical ${count}`), ...notes];
  const { sequence, type, step, expected, found, reason } = difference;
  return [
    `${paint("bad", "different")} at event ${sequence}; identical ${count}`,
    ...renderFacts(
      [
        ["Event", `#${sequence} ${type}`],
        ["Step", step],
        ["Why", reason],
        ["Expected", expected === null ? "nothing" : sayFact(expected)],
        ["Found", sayFact(found)],
      ],
      paint,
    ),
    ...notes,
  ];
}

const MAX_CHARACTERS = 400;

function sayFact({ type, payload }: NonNullable<RedriveDifference["expected"]>): string {
  return `${type} ${shorten(JSON.stringify(payload))}`;
}

function shorten(text: string): string {
  return text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS)} …`;
}
