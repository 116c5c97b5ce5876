import { RunDetailAnswer } from "../api/answers.ts";
import { segment } from "../api/api-client.ts";
import { EXIT_CODE, type ExitCode } from "../exit-code.ts";
import type { Session } from "../session.ts";
import { exitCodeOfRun, reportRunEnd } from "./run-end.ts";
import { watchRun } from "./watch-run.ts";

/** Follows a run to its end, showing how it goes where `isShown`, and reports the end. Answers the exit code. */
export async function followToEnd(
  session: Session,
  runId: string,
  isShown: boolean,
): Promise<ExitCode> {
  const { client, terminal, isJson, printDocument, pageOf } = session;
  const show = isShown ? (isJson ? "events" : "progress") : "quiet";
  if (!(await watchRun(client, terminal, runId, { show }))) {
    if (!isJson)
      terminal.err.line(
        `The run goes on.\n  watch   orca runs watch ${runId}\n  cancel  orca cancel ${runId}`,
      );
    return EXIT_CODE.interrupted;
  }
  const run = await client.get(`/runs/${segment(runId)}`, RunDetailAnswer);
  if (!isJson) reportRunEnd(run, pageOf(runId), terminal);
  // Events are lines; the run that ends them is one more.
  else if (isShown) terminal.out.line(JSON.stringify({ run }));
  else printDocument(run);
  return exitCodeOfRun(run);
}
