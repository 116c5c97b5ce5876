import type { EventEnvelope } from "../../core/run-events.ts";
import type { SkillGraph } from "../../core/run-view.ts";
import { stepKeyOfPayload } from "../../core/run-events.ts";
import { CliError } from "../cli-error.ts";
import { GraphAnswer } from "../api/answers.ts";
import { type ApiClient, segment } from "../api/api-client.ts";
import { followRun } from "../api/follow-run.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { startLiveLine } from "./live-line.ts";
import { newsOfEvent } from "./news-line.ts";
import { renderProgressLine } from "./progress-line.ts";
import { createRunProgress } from "./run-progress.ts";

export type WatchOptions = {
  /** `progress` for people, `events` one JSON line per event, `quiet` nothing. */
  show: "progress" | "events" | "quiet";
};

/** Follows a run to its end. False where Ctrl-C ended the watching first; the run then goes on by itself. */
export async function watchRun(
  client: ApiClient,
  terminal: Terminal,
  runId: string,
  { show }: WatchOptions,
): Promise<boolean> {
  const signal = terminal.interruption();
  const progress = createRunProgress(show === "progress" ? await findGraph(client, runId) : null);
  const startedAt = terminal.now();
  let isLost = false;
  const live =
    show === "progress" && terminal.err.isTerminal
      ? startLiveLine(terminal.err, (width) =>
          renderProgressLine(progress, { elapsedMs: terminal.now() - startedAt, width, isLost }),
        )
      : null;
  const tell = (event: EventEnvelope) => {
    const view = progress.view(stepKeyOfPayload(event.payload) ?? "");
    const news = newsOfEvent(event, view, terminal.err.paint);
    if (news === null || (live !== null && news.level === "routine")) return;
    if (live !== null) live.print(news.text);
    else terminal.err.line(`${news.text}${countOf(event)}`);
  };
  const countOf = (event: EventEnvelope) => {
    const { done, total } = progress.counts();
    const isStep = event.event_type.startsWith("step.") && event.payload.occurrence === undefined;
    return isStep && total !== null ? `  (${done}/${total})` : "";
  };
  try {
    const events = followRun(client, runId, {
      after: 0,
      signal,
      onConnection: (state) => {
        isLost = state.isLost;
        if (live === null && show !== "quiet")
          terminal.err.line(
            isLost ? "Connection lost, looking for the server …" : "Connected again.",
          );
      },
    });
    for await (const event of events) {
      progress.fold(event);
      if (show === "events") terminal.out.line(JSON.stringify(event));
      else if (show === "progress") tell(event);
    }
  } finally {
    live?.stop();
  }
  return !signal.aborted;
}

/** The number of steps is worth having, and not worth failing for: a key may read runs and nothing else. */
async function findGraph(client: ApiClient, runId: string): Promise<SkillGraph | null> {
  try {
    return await client.get(`/runs/${segment(runId)}/graph`, GraphAnswer);
  } catch (thrown) {
    if (thrown instanceof CliError) return null;
    throw thrown;
  }
}
