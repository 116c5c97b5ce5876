import type { Command } from "commander";
import { MeAnswer, StatsAnswer, WorkerListAnswer } from "../api/answers.ts";
import type { Cli } from "../cli.ts";
import { CliError } from "../cli-error.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { examples } from "../help-text.ts";
import { openSession } from "../session.ts";
import { renderStatus } from "../status/render-status.ts";

/** `orca status`: whether the server can take work, who asks, and what is going on. */
export function addStatusCommand(program: Command, cli: Cli): void {
  program
    .command("status")
    .description("say how the server is: ready or not, runs, workers")
    .addHelpText(
      "after",
      examples(["orca status", "for people"], ["orca status --json", "for a monitor"]),
    )
    .action(async (_: object, command: Command) => {
      const session = openSession(command, cli.terminal);
      const { client } = session;
      const { status, checks } = await client.readiness();
      const me = await client.get("/me", MeAnswer);
      const [stats, workers] = await Promise.all([
        ifAllowed(client.get("/stats", StatsAnswer)),
        ifAllowed(client.get("/workers", WorkerListAnswer)),
      ]);
      const isReady = status === "ok";
      const report = {
        url: client.settings.url,
        is_ready: isReady,
        checks,
        me,
        stats,
        workers: workers?.items ?? null,
      };
      if (session.isJson) session.printDocument(report);
      else session.printLines(renderStatus(report, cli.terminal));
      cli.exitCode = isReady ? EXIT_CODE.ok : EXIT_CODE.unavailable;
    });
}

/** A key may have no scope for a part of the report; the rest is worth having. */
async function ifAllowed<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (thrown) {
    if (thrown instanceof CliError && thrown.code === "forbidden") return null;
    throw thrown;
  }
}
