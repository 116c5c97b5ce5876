import { type Command, Option } from "commander";
import { RUN_STATUSES } from "../../core/run.ts";
import { RunPageAnswer } from "../api/answers.ts";
import type { Cli } from "../cli.ts";
import { usageError } from "../cli-error.ts";
import { examples } from "../help-text.ts";
import { toRecord } from "../input/assignments.ts";
import { collect } from "../input/collect.ts";
import { parseMoment } from "../input/moment.ts";
import { wholeNumber } from "../input/whole-number.ts";
import { renderRuns } from "../runs/render-runs.ts";
import { openSession, type Session } from "../session.ts";

type ListOptions = {
  status?: string[];
  skill?: string;
  env?: string;
  attr?: string[];
  search?: string;
  since?: string;
  until?: string;
  limit: number;
  cursor?: string;
};

/** `orca runs list`: the newest runs, narrowed down. */
export function addRunListCommand(runs: Command, cli: Cli): void {
  runs
    .command("list")
    .description("list runs, newest first")
    .option("--status <status>", "only these: failed, running … (repeatable)", collectStatus)
    .option("--skill <id>", "only runs of this skill")
    .option("-e, --env <name>", "only runs in this environment")
    .option("--attr <name=value>", "only runs with this attribute (repeatable)", collect)
    .option("-q, --search <text>", "start of the id, part of the skill, or an attribute's value")
    .option("--since <when>", "created after: a time, or how long ago (2h, 7d)")
    .option("--until <when>", "created before: a time, or how long ago")
    .addOption(
      new Option("-n, --limit <number>", "how many")
        .default(20)
        .argParser(wholeNumber("--limit", 1, 500)),
    )
    .option("--cursor <cursor>", "the page after another one")
    .addHelpText(
      "after",
      examples(
        ["orca runs list --status failed --since 24h", "what failed since yesterday"],
        ["orca runs list --attr order=42 --json", "by an attribute, for a script"],
      ),
    )
    .action(async (options: ListOptions, command: Command) => {
      await listRuns(openSession(command, cli.terminal), options);
    });
}

async function listRuns(session: Session, options: ListOptions): Promise<void> {
  const { client, isJson, terminal, printDocument, printLines } = session;
  const now = terminal.now();
  const attributes = Object.entries(toRecord(options.attr ?? [], "--attr"));
  const page = await client.get("/runs", RunPageAnswer, {
    query: {
      status: options.status?.join(","),
      skill: options.skill,
      environment: options.env,
      q: options.search,
      started_after: parseMoment(options.since, "--since", now),
      started_before: parseMoment(options.until, "--until", now),
      limit: options.limit,
      cursor: options.cursor,
      ...Object.fromEntries(attributes.map(([name, value]) => [`attributes.${name}`, value])),
    },
  });
  if (isJson) return printDocument(page);
  if (page.items.length === 0) return terminal.err.line("No runs.");
  printLines(renderRuns(page.items, terminal));
  if (page.next_cursor !== null)
    terminal.err.line(terminal.err.paint("quiet", `More: --cursor ${page.next_cursor}`));
}

const KNOWN: readonly string[] = RUN_STATUSES;

function collectStatus(value: string, before: string[] = []): string[] {
  const given = value.split(",").map((each) => each.trim());
  const unknown = given.find((each) => !KNOWN.includes(each));
  if (unknown === undefined) return [...before, ...given];
  throw usageError(`--status is "${unknown}"; expected ${KNOWN.join(", ")}.`);
}
