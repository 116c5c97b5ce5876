import type { Command } from "commander";
import type { PackCheck } from "../../server/packs/check-pack.ts";
import type { Pack } from "../../server/packs/read-pack.ts";
import { redriveEvents } from "../../server/packs/redrive-events.ts";
import type { Cli } from "../cli.ts";
import { type CliError, usageError } from "../cli-error.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { examples } from "../help-text.ts";
import { readPackFile } from "../packs/read-pack-file.ts";
import { renderReplay, type ReplayReport } from "../packs/render-replay.ts";
import { startLiveLine } from "../runs/live-line.ts";
import { openSession } from "../session.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { addRewindOptions, rewind, type RewindOptions } from "./rewind-commands.ts";

/**
 * `orca replay <run>`: a new run from a chosen point. `orca replay <file> --offline`: would the engine of this program
 * decide what was recorded?
 */
export function addReplayCommand(program: Command, cli: Cli): void {
  addRewindOptions(
    program
      .command("replay")
      .description("run a run again from a chosen point, or a packed one offline")
      .argument("<run>", "the run's id, or with --offline a replay pack"),
  )
    .option("-w, --watch", "show how it goes, to its end")
    .option("--wait", "wait for its end in silence")
    .option("--offline", "feed a pack's recorded results; no network, no server")
    .addHelpText(
      "after",
      `${examples(
        ["orca replay run_0199… --step send --watch", "from a step on, as a new run"],
        ["orca replay run_0199….orcapack.gz --offline", "identical n/n, or the first difference"],
        ["orca replay run_0199….orcapack.gz --offline --json", "for a script"],
      )}
Shows the plan and carries out that plan; what was recorded before the step is
reused, and no effect is repeated.
Offline: exit code 0 where no event differs, 1 where one does or the file was
changed, 2 where it is no replay pack.`,
    )
    .action(async (path: string, options: ReplayOptions, command: Command) => {
      const session = openSession(command, cli.terminal);
      if (options.offline !== true) {
        if (!/^run_[0-9a-z]+$/.test(path)) throw onlyOffline(path);
        cli.exitCode = await rewind(session, path, "replay", options);
        return;
      }
      const { pack, check } = await readPackFile(path);
      const report = await replay(pack, check, session.isJson ? null : cli.terminal);
      if (session.isJson) session.printDocument({ file: path, ...report });
      else session.printLines(renderReplay(report, cli.terminal.out.paint));
      cli.exitCode = report.difference === null ? EXIT_CODE.ok : EXIT_CODE.failed;
    });
}

type ReplayOptions = RewindOptions & { offline?: boolean };

function onlyOffline(path: string): CliError {
  return usageError("A file is replayed offline only; no server replays files.", {
    hint: `Add --offline, or bring the run in with: orca pack import ${path}`,
  });
}

async function replay(
  { run, manifest }: Pack,
  { plan, events }: PackCheck,
  terminal: Terminal | null,
): Promise<ReplayReport> {
  let done = 0;
  const line =
    terminal?.err.isTerminal === true
      ? startLiveLine(terminal.err, () => `${done}/${events.length} events`)
      : null;
  try {
    const { checked, differences } = await redriveEvents(plan, run, events, (count) => {
      done = count;
    });
    const incomparable = new Set(manifest.redrive.incomparable);
    return {
      run_id: run.run_id,
      skill_id: run.skill_id,
      skill_version: run.skill_version,
      events: events.length,
      identical: checked - differences.length,
      incomparable: differences
        .map(({ sequence }) => sequence)
        .filter((sequence) => incomparable.has(sequence)),
      unreached: events.length - checked,
      difference: differences.find(({ sequence }) => !incomparable.has(sequence)) ?? null,
    };
  } finally {
    line?.stop();
  }
}
