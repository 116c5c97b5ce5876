import type { Command } from "commander";
import { ImportAnswer } from "../api/answers.ts";
import type { Cli } from "../cli.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { examples } from "../help-text.ts";
import { readRegistryUpload } from "../input/registry-upload.ts";
import { hasErrors, renderImportReport } from "../registry/render-import-report.ts";
import { openSession } from "../session.ts";

/** `orca import`: brings registry documents in, all or nothing, and says what is wrong with them. */
export function addImportCommand(program: Command, cli: Cli): void {
  program
    .command("import")
    .description("import capabilities, skills, bindings and services")
    .argument("<path>", "a directory, a YAML file, or a zip, tar or tar.gz archive")
    .option("--dry-run", "only say what would happen")
    .addHelpText(
      "after",
      `${examples(
        ["orca import registry/ --dry-run", "check before a commit"],
        ["orca import registry.tar.gz", "bring in an archive"],
      )}
Prints path:line:column severity code message for every diagnostic. One error,
and nothing is imported; the exit code is then 1.`,
    )
    .action(async (path: string, { dryRun }: { dryRun?: boolean }, command: Command) => {
      const session = openSession(command, cli.terminal);
      const { archive, toLocalPath } = await readRegistryUpload(path);
      const report = await session.client.post("/registry/import", ImportAnswer, {
        bytes: archive,
        headers: { "content-type": "application/octet-stream" },
        query: { dry_run: dryRun === true },
      });
      if (session.isJson) session.printDocument(report);
      else
        session.printLines(
          renderImportReport(report, {
            isDryRun: dryRun === true,
            toLocalPath,
            width: cli.terminal.out.width(),
            paint: cli.terminal.out.paint,
          }),
        );
      cli.exitCode = hasErrors(report) ? EXIT_CODE.failed : EXIT_CODE.ok;
    });
}
