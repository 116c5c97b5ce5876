import { formatDuration } from "../../core/duration.ts";
import type { RunDetail } from "../../core/run-view.ts";
import { printableJson } from "../terminal/printable-json.ts";
import { renderFacts } from "../terminal/render-facts.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { toneOfStatus } from "../terminal/tone.ts";
import { sayCompensation } from "./run-end.ts";
import { durationOfRun, sayTime } from "./run-times.ts";

/** One run with what went in and came out. */
export function renderRun(
  run: RunDetail,
  page: string,
  { out, now }: Pick<Terminal, "out" | "now">,
): string[] {
  const { paint } = out;
  const at = now();
  const took = durationOfRun(run, at);
  const attributes = Object.entries(run.attributes).map(
    ([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const block = (title: string, value: unknown) => [
    "",
    paint("strong", title),
    printableJson(value),
  ];
  return [
    `${run.run_id}  ${paint(toneOfStatus(run.status), run.status)}`,
    ...renderFacts(
      [
        ["Skill", `${run.skill_id} ${run.skill_version}`],
        ["Environment", run.environment],
        ["Created", sayTime(run.created_at, at)],
        ["Took", took === null ? null : formatDuration(took)],
        ["Goes on", run.wake_at],
        ["Attributes", attributes.join(" ")],
        ["Started by", run.parent_run_id],
        ["Made from", run.source_run_id],
        ["Error", run.error === null ? null : `${run.error.code}: ${run.error.message}`],
        ["Hint", run.error?.hint ?? null],
        ["Undone", sayCompensation(run).join("; ") || null],
        ["Trace", run.trace_id],
        ["Page", page],
      ],
      paint,
    ),
    ...block("Inputs", run.inputs),
    ...(run.outputs === null ? [] : block("Outputs", run.outputs)),
  ];
}
