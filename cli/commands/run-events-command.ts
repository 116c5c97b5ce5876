import { type Command, Option } from "commander";
import type { z } from "zod";
import type { EventEnvelope } from "../../core/run-events.ts";
import { EventPageAnswer } from "../api/answers.ts";
import { type ApiClient, segment } from "../api/api-client.ts";
import { followRun } from "../api/follow-run.ts";
import type { Cli } from "../cli.ts";
import { EXIT_CODE, type ExitCode } from "../exit-code.ts";
import { examples } from "../help-text.ts";
import { wholeNumber } from "../input/whole-number.ts";
import { createEventLines } from "../runs/event-line.ts";
import { openSession, type Session } from "../session.ts";

type EventsOptions = { after: number; follow?: boolean };

/** `orca runs events`: a run's history, line by line, without gap or duplicate. */
export function addRunEventsCommand(runs: Command, cli: Cli): void {
  runs
    .command("events")
    .description("print a run's events in order")
    .argument("<run>", "the run's id")
    .addOption(
      new Option("--after <sequence>", "only what came after this event")
        .default(0)
        .argParser(wholeNumber("--after", 0, Number.POSITIVE_INFINITY)),
    )
    .option("-f, --follow", "go on as they happen, to the run's end")
    .addHelpText(
      "after",
      examples(
        ["orca runs events run_0199… --follow", "as they happen"],
        ["orca runs events run_0199… --json", "one document"],
        ["orca runs events run_0199… --json --follow", "one event per line"],
      ),
    )
    .action(async (runId: string, options: EventsOptions, command: Command) => {
      const session = openSession(command, cli.terminal);
      if (options.follow === true) cli.exitCode = await followEvents(session, runId, options.after);
      else await printEvents(session, runId, options.after);
    });
}

async function followEvents(session: Session, runId: string, after: number): Promise<ExitCode> {
  const { client, terminal } = session;
  const signal = terminal.interruption();
  const onConnection = ({ isLost }: { isLost: boolean }) =>
    terminal.err.line(isLost ? "Connection lost, looking for the server …" : "Connected again.");
  const write = eventWriter(session);
  for await (const event of followRun(client, runId, { after, signal, onConnection })) write(event);
  return signal.aborted ? EXIT_CODE.interrupted : EXIT_CODE.ok;
}

async function printEvents(session: Session, runId: string, after: number): Promise<void> {
  const items: EventEnvelope[] = [];
  const write = eventWriter(session);
  for await (const page of readPages(session.client, runId, after)) {
    if (session.isJson) items.push(...page);
    else for (const event of page) write(event);
  }
  if (session.isJson) session.printDocument({ items, next_cursor: null });
}

async function* readPages(
  client: ApiClient,
  runId: string,
  after: number,
): AsyncGenerator<EventEnvelope[]> {
  let position: string | null = String(after);
  while (position !== null) {
    const page: z.output<typeof EventPageAnswer> = await client.get(
      `/runs/${segment(runId)}/events`,
      EventPageAnswer,
      { query: { after: position, limit: 500 } },
    );
    yield page.items;
    position = page.next_cursor;
  }
}

/** How this command prints an event: for people a line, for machines the event as it came. */
function eventWriter({ isJson, terminal: { out } }: Session): (event: EventEnvelope) => void {
  const toLine = isJson ? (event: EventEnvelope) => JSON.stringify(event) : createEventLines(out);
  return (event) => out.line(toLine(event));
}
