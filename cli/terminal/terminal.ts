import { text } from "node:stream/consumers";
import { paintFor, type Paint } from "./tone.ts";

/** One of the two streams that a command writes to. */
export type Output = {
  /** Writes the text and a line end. */
  line: (text: string) => void;
  /** Writes the text as it is. */
  write: (text: string) => void;
  isTerminal: boolean;
  /** Columns of the terminal as they are now; null where it is none. */
  width: () => number | null;
  paint: Paint;
};

/**
 * The outside of a command. Results go to `out`, everything that is only for the person who watches goes to `err`,
 * so that a result can be piped.
 */
export type Terminal = {
  out: Output;
  err: Output;
  env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  now: () => number;
  readStdin: () => Promise<string>;
  /** Aborts at Ctrl-C from the first call on; before it, Ctrl-C ends the process as usual. */
  interruption: () => AbortSignal;
};

/** A launcher that passes Ctrl-C on and the terminal that sends it to the whole group make two of one press. */
const SAME_PRESS_MS = 500;

/** The terminal that this process was started from. */
export function createTerminal(): Terminal {
  // The reader of a pipe may leave early (`orca runs list | head -1`): that is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    throw error;
  });
  let interruption: AbortSignal | null = null;
  return {
    out: outputTo(process.stdout),
    err: outputTo(process.stderr),
    env: process.env,
    now: Date.now,
    readStdin: () => text(process.stdin),
    interruption: () => (interruption ??= listenForInterruption()),
  };
}

function outputTo(stream: NodeJS.WriteStream): Output {
  return {
    line: (line) => void stream.write(`${line}\n`),
    write: (chunk) => void stream.write(chunk),
    isTerminal: stream.isTTY,
    width: () => (stream.isTTY ? stream.columns : null),
    paint: paintFor(stream),
  };
}

function listenForInterruption(): AbortSignal {
  const controller = new AbortController();
  let pressedAt = 0;
  process.on("SIGINT", () => {
    if (controller.signal.aborted && performance.now() - pressedAt > SAME_PRESS_MS)
      process.exit(130);
    pressedAt = performance.now();
    controller.abort();
  });
  return controller.signal;
}
