import { styleText } from "node:util";
import type { RunStatus } from "../../core/run.ts";
import type { EffectStatus } from "../../core/effect-view.ts";
import type { StepStatus } from "../../core/step.ts";

/** What a colour may mean; there are no others. */
export type Tone = "good" | "bad" | "warn" | "busy" | "quiet" | "strong";

/** Puts a text into the colour of a tone, or leaves it as it is. */
export type Paint = (tone: Tone | null, text: string) => string;

const FORMATS = {
  good: "green",
  bad: "red",
  warn: "yellow",
  busy: "cyan",
  quiet: "dim",
  strong: "bold",
} as const satisfies Record<Tone, Parameters<typeof styleText>[0]>;

const TONES: Record<RunStatus | StepStatus | EffectStatus, Tone | null> = {
  pending: "quiet",
  ready: "quiet",
  running: "busy",
  replaying: "busy",
  paused: "warn",
  waiting_for_human: "warn",
  waiting_for_signal: "warn",
  retry_scheduled: "warn",
  compensating: "warn",
  degraded: "warn",
  completed: "good",
  compensated: "quiet",
  skipped: "quiet",
  canceled: "quiet",
  failed: "bad",
  attempted: "busy",
  recorded: "good",
  in_doubt: "warn",
  reused: "quiet",
  blocked: "warn",
};

const toneByStatus: Readonly<Record<string, Tone | null>> = TONES;

/** The tone of a run's, step's or effect's status; null for one that this program does not know. */
export function toneOfStatus(status: string): Tone | null {
  return Object.hasOwn(toneByStatus, status) ? (toneByStatus[status] ?? null) : null;
}

/** Paints for a stream: only where it is a terminal and NO_COLOR is not set. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (tone, text) => (tone === null ? text : styleText(FORMATS[tone], text, { stream }));
}

/** Leaves every text as it is. */
export const paintNothing: Paint = (_, text) => text;
