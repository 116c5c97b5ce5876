import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { ImportedPackAnswer } from "../api/answers.ts";
import { segment } from "../api/api-client.ts";
import type { Cli } from "../cli.ts";
import { usageError } from "../cli-error.ts";
import { examples } from "../help-text.ts";
import { reasonOf } from "../input/text-source.ts";
import { readPackBytes, readPackFile } from "../packs/read-pack-file.ts";
import { renderPack } from "../packs/render-pack.ts";
import { openSession } from "../session.ts";

/** `orca pack <run>`, `orca pack import`, `orca pack verify`: runs as files. */
export function addPackCommand(program: Command, cli: Cli): void {
  const pack = program
    .command("pack")
    .description("save a run as a file, check one, or bring one in")
    .helpCommand(false)
    .argument("<run>", "the run's id")
    .option("-o, --output <file>", "where to; <run>.orcapack.gz when left out")
    .addHelpText(
      "after",
      examples(
        ["orca pack run_0199…", "definition, events, results, hashes; without secrets"],
        ["orca pack verify run_0199….orcapack.gz", "is every byte the exported one?"],
        ["orca pack import run_0199….orcapack.gz", "read the run on another server"],
        ["orca replay run_0199….orcapack.gz --offline", "does the engine decide the same?"],
      ),
    )
    .action(async (runId: string, { output }: { output?: string }, command: Command) => {
      const session = openSession(command, cli.terminal);
      const path = output ?? `${runId}.orcapack.gz`;
      const bytes = await session.client.download(`/runs/${segment(runId)}/pack`);
      await save(path, bytes);
      if (session.isJson) session.printDocument({ file: path, bytes: bytes.byteLength });
      else session.printLines([path]);
    });

  pack
    .command("import")
    .description("bring a run in as a record that can be read and is never driven")
    .argument("<file>", "a replay pack")
    .addHelpText("after", examples(["orca pack import run_0199….orcapack.gz", "ended runs only"]))
    .action(async (path: string, _: object, command: Command) => {
      const session = openSession(command, cli.terminal);
      const bytes = new Uint8Array(await readPackBytes(path));
      const answer = await session.client.post("/packs", ImportedPackAnswer, {
        bytes,
        headers: { "content-type": "application/gzip" },
      });
      if (session.isJson) session.printDocument(answer);
      else session.printLines([answer.run.run_id]);
      if (!session.isJson) cli.terminal.err.line(session.pageOf(answer.run.run_id));
    });

  pack
    .command("verify")
    .description("check every byte of a pack against its hashes; asks no server")
    .argument("<file>", "a replay pack")
    .addHelpText(
      "after",
      examples(["orca pack verify run_0199….orcapack.gz", "exit code 1 where a part was changed"]),
    )
    .action(async (path: string, _: object, command: Command) => {
      const session = openSession(command, cli.terminal);
      const { pack: read, check } = await readPackFile(path);
      const { manifest, redactions, hash } = read;
      const { recomputed, attested } = check.chain;
      if (session.isJson) {
        const checkpoints = { recomputed, attested };
        session.printDocument({ file: path, hash, manifest, checkpoints, redactions });
      } else session.printLines(renderPack(read, check, cli.terminal.out));
    });
}

/** What is there is kept: a pack may be the only copy of a run. */
async function save(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(path, bytes, { flag: "wx" });
  } catch (cause) {
    const isThere = cause instanceof Error && "code" in cause && cause.code === "EEXIST";
    const reason = isThere ? "there is such a file already" : reasonOf(cause);
    throw usageError(`${path} cannot be written: ${reason}.`, {
      hint: "Name another file with --output.",
      cause,
    });
  }
}
