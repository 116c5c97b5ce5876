import type { Command } from "commander";
import type { z } from "zod";
import type { CheckpointView } from "../../core/run-view.ts";
import { ChangesAnswer, CheckpointPageAnswer, StateAnswer } from "../api/answers.ts";
import { type ApiClient, segment } from "../api/api-client.ts";
import { renderChanges, summarizeChanges } from "../checkpoints/render-changes.ts";
import { renderCheckpoints } from "../checkpoints/render-checkpoints.ts";
import type { Cli } from "../cli.ts";
import { examples } from "../help-text.ts";
import { openSession } from "../session.ts";
import { printableJson } from "../terminal/printable-json.ts";

/** `orca checkpoints` and `orca state`: where a run's state can be seen, and what it is there. */
export function addCheckpointCommands(program: Command, cli: Cli): void {
  program
    .command("checkpoints")
    .description("list a run's checkpoints in order")
    .argument("<run>", "the run's id")
    .option("--pinned", "only those that are pinned")
    .addHelpText(
      "after",
      examples(
        ["orca checkpoints run_0199…", "where its state can be seen"],
        ["orca checkpoints run_0199… --pinned --json", "those to be kept, for a script"],
      ),
    )
    .action(async (runId: string, { pinned }: { pinned?: boolean }, command: Command) => {
      const session = openSession(command, cli.terminal);
      const items = await listCheckpoints(session.client, runId, pinned === true);
      if (session.isJson) session.printDocument({ items, next_cursor: null });
      else if (items.length === 0)
        cli.terminal.err.line(pinned === true ? "No pinned checkpoints." : "No checkpoints yet.");
      else session.printLines(renderCheckpoints(items, cli.terminal));
    });

  program
    .command("state")
    .description("show what a run knew at a checkpoint, or what changed there")
    .argument("<run>", "the run's id")
    .option("--at <checkpoint>", "the checkpoint's id", "latest")
    .option("--changes", "only what changed since the checkpoint before")
    .addHelpText(
      "after",
      examples(
        ["orca state run_0199… | jq .vars", "its variables now"],
        ["orca state run_0199… --at chk_0199…_42", "its state back then"],
        ["orca state run_0199… --at chk_0199…_42 --changes", "what that step changed"],
      ),
    )
    .action(async (runId: string, options: { at: string; changes?: boolean }, command: Command) => {
      const session = openSession(command, cli.terminal);
      const path = `/runs/${segment(runId)}/checkpoints/${segment(options.at)}`;
      if (options.changes === true) {
        const changes = await session.client.get(`${path}/changes`, ChangesAnswer);
        if (session.isJson) return session.printDocument(changes);
        session.printLines(renderChanges(changes, cli.terminal));
        return cli.terminal.err.line(summarizeChanges(changes));
      }
      const answer = await session.client.get(`${path}/state`, StateAnswer);
      if (session.isJson) session.printDocument(answer);
      else session.printLines([printableJson(answer.state)]);
    });
}

async function listCheckpoints(
  client: ApiClient,
  runId: string,
  isPinned: boolean,
): Promise<CheckpointView[]> {
  const items: CheckpointView[] = [];
  let cursor: string | undefined;
  do {
    const page: z.output<typeof CheckpointPageAnswer> = await client.get(
      `/runs/${segment(runId)}/checkpoints`,
      CheckpointPageAnswer,
      { query: { limit: 500, cursor, pinned: isPinned ? true : undefined } },
    );
    items.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}
