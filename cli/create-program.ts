import { Command } from "commander";
import packageJson from "../package.json" with { type: "json" };
import type { Cli } from "./cli.ts";
import { addApprovalCommands } from "./commands/approval-commands.ts";
import { addDiffCommand } from "./commands/diff-command.ts";
import { addCheckpointCommands } from "./commands/checkpoint-commands.ts";
import { addEffectsCommand } from "./commands/effects-command.ts";
import { addGroupsCommand } from "./commands/groups-command.ts";
import { addImportCommand } from "./commands/import-command.ts";
import { addNoticesCommand } from "./commands/notices-command.ts";
import { addPackCommand } from "./commands/pack-command.ts";
import { addProcessCommands } from "./commands/process-commands.ts";
import { addReplayCommand } from "./commands/replay-command.ts";
import { addRunCommand } from "./commands/run-command.ts";
import { addRewindCommands } from "./commands/rewind-commands.ts";
import { addRunControlCommands } from "./commands/run-control-commands.ts";
import { addRunsCommand } from "./commands/runs-command.ts";
import { addSkillsCommand } from "./commands/skills-command.ts";
import { addStatusCommand } from "./commands/status-command.ts";
import { examples, SETTINGS_HELP } from "./help-text.ts";

/** Every command of the program, ready to parse. Parsing throws; nothing here ends the process. */
export function createProgram(cli: Cli): Command {
  const { out, err } = cli.terminal;
  const program = new Command("orca")
    .description("Runs skills durably, and shows what they do.")
    .version(packageJson.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand(false)
    .option("--url <address>", "the server (ORCA_URL)")
    .option("--api-key <key>", "your API key (better in ORCA_API_KEY: others see command lines)")
    .option("--json", "print JSON only")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: out.write,
      writeErr: err.write,
      outputError: () => undefined,
      getOutHelpWidth: () => out.width() ?? 100,
      getErrHelpWidth: () => err.width() ?? 100,
    })
    .exitOverride();
  addProcessCommands(program, cli);
  addStatusCommand(program, cli);
  addImportCommand(program, cli);
  addSkillsCommand(program, cli);
  addRunCommand(program, cli);
  addRunControlCommands(program, cli);
  addDiffCommand(program, cli);
  const runs = addRunsCommand(program, cli);
  addRunControlCommands(runs, cli);
  addRewindCommands(program, cli);
  addPackCommand(program, cli);
  addReplayCommand(program, cli);
  addCheckpointCommands(program, cli);
  addApprovalCommands(program, cli);
  addEffectsCommand(program, cli);
  addGroupsCommand(program, cli);
  addNoticesCommand(program, cli);
  return program
    .addHelpText(
      "after",
      examples(
        ["orca server", "start everything on this machine"],
        ["orca import registry/", "bring in skills"],
        ["orca run document.digest -s text=@letter.txt --watch", "run one and watch it"],
        ["orca runs list --status failed", "see what failed"],
      ),
    )
    .addHelpText("after", SETTINGS_HELP);
}
