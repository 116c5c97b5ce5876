import type { Command } from "commander";
import { CompensationAnswer, RunAnswer } from "../api/answers.ts";
import { segment } from "../api/api-client.ts";
import type { Cli } from "../cli.ts";
import { REPLAY_POLICIES } from "../../core/capability.ts";
import { collect } from "../input/collect.ts";
import { overridesOf } from "./rewind-commands.ts";
import { examples } from "../help-text.ts";
import { readJson } from "../input/read-json.ts";
import { renderCompensation } from "../runs/render-compensation.ts";
import { openSession, type Session } from "../session.ts";
import { toneOfStatus } from "../terminal/tone.ts";

type Reason = { reason?: string; override?: string[]; planHash?: string };
type CancelOptions = { reason?: string; compensate?: boolean; dryRun?: boolean };

/** `orca cancel | pause | resume | signal`, and the same under `orca runs`: what a person may tell a run. */
export function addRunControlCommands(parent: Command, cli: Cli): void {
  addCancel(parent, cli);
  addReasoned(parent, cli, "pause", "hold a run after the steps under way");
  const orca = parent.name() === "orca" ? "orca" : `orca ${parent.name()}`;
  addReasoned(parent, cli, "resume", "let a paused, failed or canceled run go on, or a fork begin")
    .option(
      "--override <step=policy>",
      `${REPLAY_POLICIES.join(", ")} (repeatable); see: orca plan --for resume`,
      collect,
    )
    .option("--plan-hash <hash>", "only as that plan says it; see: orca plan --for resume")
    .addHelpText(
      "after",
      examples([
        `${orca} resume run_0199… --plan-hash 5c0e…`,
        "refused where anything has changed since the plan",
      ]),
    );
  parent
    .command("signal")
    .description("send a run a signal that one of its steps waits for")
    .argument("<run>", "the run's id")
    .argument("<name>", "the signal's name")
    .option("-p, --payload <json>", "what it carries: JSON, @file.json or @-")
    .option("--signal-id <id>", "sent twice with the same id, it counts once")
    .addHelpText(
      "after",
      examples([`orca runs signal run_0199… approved --payload '{"by":"ada"}'`, "answer a wait"]),
    )
    .action(
      async (
        runId: string,
        name: string,
        { payload, signalId }: { payload?: string; signalId?: string },
        command: Command,
      ) => {
        const session = openSession(command, cli.terminal);
        const body = {
          name,
          ...(payload === undefined
            ? {}
            : { payload: await readJson(payload, "--payload", cli.terminal) }),
          ...(signalId === undefined ? {} : { signal_id: signalId }),
        };
        await tell(session, runId, "signal", body);
      },
    );
}

function addCancel(parent: Command, cli: Cli): void {
  const name = parent.name() === "orca" ? "orca" : `orca ${parent.name()}`;
  parent
    .command("cancel")
    .description("stop a run for good, and undo what it did outside where that is asked for")
    .argument("<run>", "the run's id")
    .option("--reason <text>", "kept in the run's history")
    .option("--compensate", "undo what it did outside, as far as its capabilities say how")
    .option("--dry-run", "only say what --compensate would undo")
    .addHelpText(
      "after",
      examples(
        [`${name} cancel run_0199… --reason "wrong order"`, "with the reason kept"],
        [`${name} cancel run_0199… --dry-run`, "what would be undone"],
        [`${name} cancel run_0199… --compensate`, "refund, close, withdraw …"],
      ),
    )
    .action(async (runId: string, options: CancelOptions, command: Command) => {
      const session = openSession(command, cli.terminal);
      const { reason, compensate = false, dryRun = false } = options;
      if (!dryRun) {
        const body = { compensate, ...(reason === undefined ? {} : { reason }) };
        await tell(session, runId, "cancel", body);
      }
      if (!dryRun && (!compensate || session.isJson)) return;
      const path = `/runs/${segment(runId)}/compensation`;
      const view = await session.client.get(path, CompensationAnswer);
      if (session.isJson) session.printDocument(view);
      else session.printLines(renderCompensation(view, session.terminal));
    });
}

function addReasoned(parent: Command, cli: Cli, verb: string, description: string): Command {
  return parent
    .command(verb)
    .description(description)
    .argument("<run>", "the run's id")
    .option("--reason <text>", "kept in the run's history")
    .addHelpText(
      "after",
      examples([
        `${parent.name() === "orca" ? "orca" : `orca ${parent.name()}`} ${verb} run_0199… --reason "wrong order"`,
        "with the reason kept",
      ]),
    )
    .action(async (runId: string, { reason, override, planHash }: Reason, command: Command) => {
      const session = openSession(command, cli.terminal);
      await tell(session, runId, verb, {
        ...(reason === undefined ? {} : { reason }),
        ...(override === undefined ? {} : { overrides: overridesOf(override) }),
        ...(planHash === undefined ? {} : { plan_hash: planHash }),
      });
    });
}

async function tell(session: Session, runId: string, verb: string, body: object): Promise<void> {
  const { client, isJson, printDocument, printLines, terminal } = session;
  const answer = await client.post(`/runs/${segment(runId)}/${verb}`, RunAnswer, { body });
  const { status } = answer.run;
  if (isJson) printDocument(answer);
  else
    printLines([
      `${answer.run.run_id}  ${terminal.out.paint(toneOfStatus(status), status.replaceAll("_", " "))}`,
    ]);
}
