import type { Command } from "commander";
import type { RunDiff } from "../../core/run-diff-view.ts";
import { RunDiffAnswer, StepDiffAnswer } from "../api/answers.ts";
import { segment, type ApiClient } from "../api/api-client.ts";
import type { Cli } from "../cli.ts";
import { examples } from "../help-text.ts";
import { renderDiff } from "../runs/render-diff.ts";
import { renderStepDiff } from "../runs/render-step-diff.ts";
import { openSession } from "../session.ts";

/** `orca diff`: where two runs part, and what follows from it. */
export function addDiffCommand(program: Command, cli: Cli): void {
  program
    .command("diff")
    .description("compare two runs step by step")
    .argument("<run>", "the id of one run: A")
    .argument("<other>", "the id of the other: B")
    .option("--step <step>", "what differs in one step, or in one occurrence: <step>#<key>")
    .addHelpText(
      "after",
      examples(
        ["orca diff run_0199… run_019a…", "where they part"],
        ["orca diff run_0199… run_019a… --step each#3", "the fields that differ there"],
      ),
    )
    .action(
      async (runId: string, otherId: string, { step }: { step?: string }, command: Command) => {
        const { client, isJson, printDocument, printLines, terminal } = openSession(
          command,
          cli.terminal,
        );
        const path = `/runs/${segment(runId)}/diff`;
        if (step === undefined) {
          const diff = await readDiff(client, path, otherId);
          if (isJson) printDocument(diff);
          else printLines(renderDiff(diff, terminal.out));
          return;
        }
        const query = { with: otherId, ...placeOf(step) };
        const diff = await client.get(path, StepDiffAnswer, { query });
        if (isJson) printDocument(diff);
        else printLines(renderStepDiff(diff, terminal.out));
      },
    );
}

/** Reads `step` or `step#occurrence`; an alias may itself hold a #. */
function placeOf(text: string): { step: string; occurrence?: string } {
  const at = text.indexOf("#");
  return at < 0 ? { step: text } : { step: text.slice(0, at), occurrence: text.slice(at + 1) };
}

/** The whole comparison, page by page. */
async function readDiff(client: ApiClient, path: string, otherId: string): Promise<RunDiff> {
  const query = { with: otherId, limit: "500" };
  const diff = await client.get(path, RunDiffAnswer, { query });
  const entries = [...diff.entries];
  for (let cursor = diff.next_cursor; cursor !== null;) {
    const page = await client.get(path, RunDiffAnswer, { query: { ...query, cursor } });
    entries.push(...page.entries);
    cursor = page.next_cursor;
  }
  return { ...diff, entries, next_cursor: null };
}
