import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { capturedTerminal } from "../testing/captured-terminal.ts";
import { startLiveLine } from "./live-line.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The lines that a terminal shows after all this was written to it. */
function screen(written: string): string[] {
  return written.split("\n").map((line) => line.slice(line.lastIndexOf("\u001b[2K") + 4));
}

describe("the live line", () => {
  test("is drawn again in its place, and narrower than the terminal", () => {
    const terminal = capturedTerminal({ width: 40 });
    let text = "first";
    const live = startLiveLine(terminal.err, (width) => `${text} ${width}`);
    expect(screen(terminal.errText())).toEqual(["⠋ first 37"]);
    text = "second";
    vi.advanceTimersByTime(120);
    expect(screen(terminal.errText())).toEqual(["⠙ second 37"]);
    live.stop();
  });

  test("stays the last line while others are printed, and leaves nothing behind", () => {
    const terminal = capturedTerminal({ width: 40 });
    const live = startLiveLine(terminal.err, () => "busy");
    live.print("news");
    expect(screen(terminal.errText())).toEqual(["news", "⠋ busy"]);
    live.stop();
    expect(screen(terminal.errText())).toEqual(["news", ""]);
    vi.advanceTimersByTime(1000);
    expect(screen(terminal.errText())).toEqual(["news", ""]);
  });
});
