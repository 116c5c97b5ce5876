import type { Output, Terminal } from "../terminal/terminal.ts";
import { paintNothing } from "../terminal/tone.ts";

export type CapturedTerminal = Terminal & { outText: () => string; errText: () => string };

/** A terminal that keeps what is written; a `width` makes it one, and without it both streams are pipes. */
export function capturedTerminal(
  given: {
    width?: number;
    stdin?: string;
    env?: Record<string, string>;
    now?: number;
    interruption?: AbortSignal;
  } = {},
): CapturedTerminal {
  const written = { out: "", err: "" };
  const output = (name: "out" | "err"): Output => {
    const write = (text: string) => {
      written[name] += text;
    };
    return {
      write,
      line: (text) => write(`${text}\n`),
      isTerminal: given.width !== undefined,
      width: () => given.width ?? null,
      paint: paintNothing,
    };
  };
  return {
    out: output("out"),
    err: output("err"),
    env: given.env ?? {},
    now: () => given.now ?? Date.parse("2030-01-01T00:00:00Z"),
    readStdin: () => Promise.resolve(given.stdin ?? ""),
    interruption: () => given.interruption ?? new AbortController().signal,
    outText: () => written.out,
    errText: () => written.err,
  };
}
