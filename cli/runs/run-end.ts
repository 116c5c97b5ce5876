import { formatDuration } from "../../core/duration.ts";
import type { RunDetail } from "../../core/run-view.ts";
import { EXIT_CODE, type ExitCode } from "../exit-code.ts";
import { toOneLine } from "../terminal/one-line.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { printableJson } from "../terminal/printable-json.ts";
import { toneOfStatus } from "../terminal/tone.ts";
import { durationOfRun } from "./run-times.ts";

const MARKS: Readonly<Record<string, string>> = { completed: "✓", failed: "✗", canceled: "–" };

/** Says how a run ended: its outputs on standard output, everything else beside it. */
export function reportRunEnd(run: RunDetail, page: string, { out, err }: Terminal): void {
  const tone = toneOfStatus(run.status);
  const took = durationOfRun(run, null);
  const lasted = took === null ? "" : ` in ${formatDuration(took)}`;
  err.line(
    `${err.paint(tone, `${MARKS[run.status] ?? "·"} ${run.status}`)}${lasted}  ${run.run_id}`,
  );
  if (run.error !== null) {
    err.line(`  ${err.paint("bad", run.error.code)}: ${toOneLine(run.error.message)}`);
    if (run.error.hint !== undefined) err.line(`  hint  ${toOneLine(run.error.hint)}`);
  }
  for (const line of sayCompensation(run)) err.line(`  ${line}`);
  err.line(`  ${err.paint("quiet", page)}`);
  if (run.status === "completed") out.line(printableJson(run.outputs ?? {}));
}

/** What became of undoing what a run did; nothing where it did not. */
export function sayCompensation(
  run: Pick<RunDetail, "compensation" | "left_standing" | "compensation_error">,
): string[] {
  const { compensation, left_standing: left, compensation_error: error } = run;
  if (error !== null) return [toOneLine(`nothing was undone: ${error.message}`)];
  const outcome = {
    none: [],
    completed: ["what it did outside was undone"],
    failed: ["what it did outside was not undone in full"],
  }[compensation];
  return [
    ...outcome,
    ...left.map(({ step_id: step, capability_id: id, reason }) =>
      toOneLine(`left standing: ${id} of step ${step}: ${reason}`),
    ),
  ];
}

/** A script is told by the exit code whether the run did what it was started for. */
export function exitCodeOfRun({ status }: Pick<RunDetail, "status">): ExitCode {
  return status === "failed" || status === "canceled" ? EXIT_CODE.failed : EXIT_CODE.ok;
}
