import { resolve } from "node:path";
import { Argument, type Command, Option } from "commander";
import type { Cli } from "../cli.ts";
import { examples } from "../help-text.ts";
import { rebuildEffects } from "../rebuild-effects.ts";
import { migrateDatabase } from "../migrate-database.ts";

/** `orca server | worker | migrate | rebuild`: the processes of an installation, set up by the environment alone. */
export function addProcessCommands(program: Command, { terminal }: Cli): void {
  program
    .command("server")
    .description("start the server: pages, API and a worker in one process")
    .addOption(new Option("--port <number>", "where it listens (PORT; default 3000)").env("PORT"))
    .addOption(
      new Option("--host <address>", "on which address (HOST; default 127.0.0.1)").env("HOST"),
    )
    .addHelpText(
      "after",
      `${examples(
        ["orca server", "with a database of its own, at http://127.0.0.1:3000"],
        ["DATABASE_URL=postgresql://… orca server", "on a PostgreSQL that you keep"],
      )}\ndocs/operations/configuration.md lists every variable.`,
    )
    .action(async ({ port, host }: { port?: string; host?: string }) => {
      if (port !== undefined) process.env.PORT = port;
      if (host !== undefined) process.env.HOST = host;
      settleDataDir();
      // Makes what is missing, as npm start does, and then becomes the server.
      await import("../../scripts/start.ts");
    });

  program
    .command("worker")
    .description("start a process that only executes runs, on the database of a server")
    .addHelpText(
      "after",
      examples(["DATABASE_URL=postgresql://… orca worker", "beside a server on that database"]),
    )
    .action(async () => {
      const { generateClient } = await import("../../scripts/generate-client.ts");
      await generateClient();
      await import("../../server/worker.ts");
    });

  program
    .command("migrate")
    .description("bring the database to the schema of this version, and stop")
    .addHelpText(
      "after",
      examples([
        "DATABASE_URL=postgresql://… orca migrate",
        "before the first server of a release",
      ]),
    )
    .action(async (_: object, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      const { applied } = await migrateDatabase(process.env);
      if (json === true) terminal.out.line(JSON.stringify({ applied }));
      else if (applied.length === 0) terminal.out.line("The database is up to date.");
      else terminal.out.line(`Applied ${applied.length}:\n  ${applied.join("\n  ")}`);
    });

  program
    .command("rebuild")
    .description("have something that follows the events built again by the running server")
    .addArgument(new Argument("<what>", "the search over effects").choices(["effects"]))
    .addHelpText(
      "after",
      examples(["DATABASE_URL=postgresql://… orca rebuild effects", "the search over effects"]),
    )
    .action(async () => {
      await rebuildEffects(process.env);
      terminal.err.line(
        "The search over effects is built again by the running server, or the next.",
      );
    });
}

/** The server starts in the project's folder; a relative path means the folder of whoever calls. */
function settleDataDir(): void {
  const { ORCA_DATA_DIR: dataDir } = process.env;
  if (dataDir !== undefined && dataDir !== "") process.env.ORCA_DATA_DIR = resolve(dataDir);
}
