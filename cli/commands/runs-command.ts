import type { Command } from "commander";
import { RunDetailAnswer, StepListAnswer } from "../api/answers.ts";
import { segment } from "../api/api-client.ts";
import type { Cli } from "../cli.ts";
import { examples } from "../help-text.ts";
import { followToEnd } from "../runs/follow-to-end.ts";
import { renderRun } from "../runs/render-run.ts";
import { renderSteps } from "../runs/render-steps.ts";
import { openSession } from "../session.ts";
import { addRunEventsCommand } from "./run-events-command.ts";
import { addRunListCommand } from "./run-list-command.ts";

/** `orca runs …`: what there is to see of runs. Answers the group, for what may be told to runs. */
export function addRunsCommand(program: Command, cli: Cli): Command {
  const runs = program.command("runs").description("see runs, and steer them").helpCommand(false);
  addRunListCommand(runs, cli);

  runs
    .command("get")
    .description("show one run with its inputs and outputs")
    .argument("<run>", "the run's id")
    .addHelpText("after", examples(["orca runs get run_0199… --json | jq .outputs", "its outputs"]))
    .action(async (runId: string, _: object, command: Command) => {
      const session = openSession(command, cli.terminal);
      const run = await session.client.get(`/runs/${segment(runId)}`, RunDetailAnswer);
      if (session.isJson) session.printDocument(run);
      else session.printLines(renderRun(run, session.pageOf(runId), cli.terminal));
    });

  runs
    .command("steps")
    .description("show what each step of a run did")
    .argument("<run>", "the run's id")
    .addHelpText("after", examples(["orca runs steps run_0199…", "which step failed, and why"]))
    .action(async (runId: string, _: object, command: Command) => {
      const session = openSession(command, cli.terminal);
      const answer = await session.client.get(`/runs/${segment(runId)}/steps`, StepListAnswer);
      if (session.isJson) session.printDocument(answer);
      else session.printLines(renderSteps(answer.items, cli.terminal));
    });

  addRunEventsCommand(runs, cli);

  runs
    .command("watch")
    .description("show how a run goes, to its end")
    .argument("<run>", "the run's id")
    .addHelpText("after", examples(["orca runs watch run_0199…", "as orca run --watch does"]))
    .action(async (runId: string, _: object, command: Command) => {
      cli.exitCode = await followToEnd(openSession(command, cli.terminal), runId, true);
    });
  return runs;
}
