import type { Output } from "../terminal/terminal.ts";

const REDRAW_MS = 120;
const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** The last line of a terminal, drawn again and again while lines are printed above it. */
export type LiveLine = { print: (line: string) => void; stop: () => void };

/** Shows `render(width)` behind a turning mark until it is stopped. Only for an output that is a terminal. */
export function startLiveLine(output: Output, render: (width: number) => string): LiveLine {
  let frame = 0;
  const clear = () => output.write("\r\u001b[2K");
  const draw = () => {
    const mark = output.paint("busy", FRAMES[frame % FRAMES.length] ?? "");
    // One column stays free: a terminal breaks a line that fills it.
    const text = render(Math.max(10, (output.width() ?? 80) - 3));
    output.write(`\r\u001b[2K${mark} ${text}`);
  };
  draw();
  const timer = setInterval(() => {
    frame += 1;
    draw();
  }, REDRAW_MS);
  return {
    print(line) {
      clear();
      output.line(line);
      draw();
    },
    stop() {
      clearInterval(timer);
      clear();
    },
  };
}
