import { type Command, Option } from "commander";
import { EFFECT_STATUSES } from "../../core/effect-view.ts";
import { EffectDetailAnswer, EffectListAnswer, EffectPageAnswer } from "../api/answers.ts";
import { segment } from "../api/api-client.ts";
import type { Cli } from "../cli.ts";
import { usageError } from "../cli-error.ts";
import { renderEffect } from "../effects/render-effect.ts";
import { renderEffects } from "../effects/render-effects.ts";
import { examples } from "../help-text.ts";
import { toRecord } from "../input/assignments.ts";
import { collect } from "../input/collect.ts";
import { readJson } from "../input/read-json.ts";
import { parseMoment } from "../input/moment.ts";
import { wholeNumber } from "../input/whole-number.ts";
import { openSession, type Session } from "../session.ts";

type SearchOptions = {
  run?: string;
  status?: string[];
  capability?: string;
  binding?: string;
  target?: string;
  receipt?: string;
  request?: string[];
  search?: string;
  since?: string;
  until?: string;
  limit: number;
  cursor?: string;
};

type ResolveOptions = {
  happened?: boolean;
  didNotHappen?: boolean;
  stop?: boolean;
  result?: string;
  comment?: string;
};

/** `orca effects`: the side-effect ledger, searched, and one record of it. */
export function addEffectsCommand(program: Command, cli: Cli): void {
  const effects = program
    .command("effects")
    .description("search what runs did outside, newest first")
    .helpCommand(false)
    .option("--run <run>", "only what this run did")
    .option("--status <status>", "only these: in_doubt, failed … (repeatable)", collectStatus)
    .option("--capability <id>", "only calls of this capability")
    .option("--binding <id>", "only calls through this binding")
    .option("--target <id>", "a capability, binding or service")
    .option("--receipt <text>", "what the provider calls what it did")
    .option("--request <path=value>", "a field of the request (repeatable)", collect)
    .option("-q, --search <text>", "an id, or whole words of ids, receipt and request")
    .option("--since <when>", "announced after: a time, or how long ago (2h, 7d)")
    .option("--until <when>", "announced before: a time, or how long ago")
    .addOption(
      new Option("-n, --limit <number>", "how many")
        .default(20)
        .argParser(wholeNumber("--limit", 1, 500)),
    )
    .option("--cursor <cursor>", "the page after another one")
    .addHelpText(
      "after",
      examples(
        ["orca effects --status in_doubt", "of which nobody knows whether they happened"],
        ["orca effects --run run_0199…", "everything that a run did"],
        ["orca effects --target mailer --request to=ada@example.com", "what was sent to somebody"],
        ["orca effects get eff_0199…_12", "one of them, with its request and result"],
        ["orca effects resolve eff_0199…_12 --did-not-happen", "settle one in doubt"],
      ),
    )
    .action(async (options: SearchOptions, command: Command) => {
      await searchEffects(openSession(command, cli.terminal), options);
    });

  effects
    .command("get")
    .description("show one effect with its request and result")
    .argument("<effect>", "the effect's id")
    .addHelpText(
      "after",
      examples(["orca effects get eff_0199…_12 --json | jq .request", "what was asked"]),
    )
    .action(async (effectId: string, _: object, command: Command) => {
      const session = openSession(command, cli.terminal);
      const detail = await session.client.get(`/effects/${segment(effectId)}`, EffectDetailAnswer);
      if (session.isJson) session.printDocument(detail);
      else session.printLines(renderEffect(detail, cli.terminal));
    });

  addResolveCommand(effects, cli);
}

/** `orca effects resolve`: what became of an effect in doubt. */
function addResolveCommand(effects: Command, cli: Cli): void {
  effects
    .command("resolve")
    .description(
      "say what became of an effect in doubt; its step goes on, or its record is corrected",
    )
    .argument("<effect>", "the effect's id")
    .option("--happened", "it happened; give its --result")
    .option("--did-not-happen", "it did not; a step that waits makes the call")
    .option("--stop", "nobody can say; the step that waits fails (needs --comment)")
    .option("--result <json>", "the outputs that the call brought: JSON, @file.json or @-")
    .option("--comment <text>", "kept in the run's history")
    .addHelpText(
      "after",
      examples(
        [
          "orca effects resolve eff_0199…_12 --happened --result @receipt.json",
          "as the provider shows it",
        ],
        ["orca effects resolve eff_0199…_12 --did-not-happen", "the waiting step makes the call"],
        [`orca effects resolve eff_0199…_12 --stop --comment "ask the bank"`, "the step fails"],
      ),
    )
    .action(async (effectId: string, options: ResolveOptions, command: Command) => {
      const session = openSession(command, cli.terminal);
      const { result, comment } = options;
      const outcome = outcomeOf(options);
      const body = {
        outcome,
        ...(result === undefined
          ? {}
          : { result: await readJson(result, "--result", cli.terminal) }),
        ...(comment === undefined ? {} : { comment }),
      };
      const path = `/effects/${segment(effectId)}/resolve`;
      const detail = await session.client.post(path, EffectDetailAnswer, { body });
      if (session.isJson) session.printDocument(detail);
      else session.printLines(renderEffects([detail.effect], cli.terminal).slice(1));
    });
}

function outcomeOf({ happened, didNotHappen, stop, result, comment }: ResolveOptions): string {
  const chosen = [
    ...(happened === true ? ["happened"] : []),
    ...(didNotHappen === true ? ["not_happened"] : []),
    ...(stop === true ? ["stop"] : []),
  ];
  const [outcome] = chosen;
  if (outcome === undefined || chosen.length > 1)
    throw usageError("Say one of --happened, --did-not-happen and --stop.");
  if (outcome === "happened" && result === undefined)
    throw usageError("--happened needs --result: the outputs that the call brought.");
  if (outcome !== "happened" && result !== undefined)
    throw usageError("--result belongs to --happened.");
  if (outcome === "stop" && comment === undefined) throw usageError("--stop needs --comment: why.");
  return outcome;
}

async function searchEffects(session: Session, options: SearchOptions): Promise<void> {
  const { client, isJson, terminal, printDocument, printLines } = session;
  const { run, limit, ...filters } = options;
  if (run !== undefined && Object.keys(filters).length === 0) {
    // All that one run did is told by its own events, up to this moment.
    const list = await client.get(`/runs/${segment(run)}/effects`, EffectListAnswer);
    if (isJson) return printDocument(list);
    if (list.items.length === 0) return terminal.err.line("The run has done nothing outside.");
    return printLines(renderEffects(list.items, terminal));
  }
  const page = await client.get("/effects", EffectPageAnswer, {
    query: { run, limit, ...toQuery(filters, terminal.now()) },
  });
  if (isJson) return printDocument(page);
  if (page.items.length === 0) return terminal.err.line("No effects.");
  printLines(renderEffects(page.items, terminal));
  if (page.next_cursor !== null)
    terminal.err.line(terminal.err.paint("quiet", `More: --cursor ${page.next_cursor}`));
}

function toQuery(
  { status, request = [], search, since, until, ...same }: Omit<SearchOptions, "run" | "limit">,
  now: number,
) {
  const fields = Object.entries(toRecord(request, "--request"));
  return {
    ...same,
    status: status?.join(","),
    q: search,
    after: parseMoment(since, "--since", now),
    before: parseMoment(until, "--until", now),
    ...Object.fromEntries(fields.map(([path, value]) => [`request.${path}`, value])),
  };
}

const KNOWN: readonly string[] = EFFECT_STATUSES;

function collectStatus(value: string, before: string[] = []): string[] {
  const given = value.split(",").map((each) => each.trim());
  const unknown = given.find((each) => !KNOWN.includes(each));
  if (unknown === undefined) return [...before, ...given];
  throw usageError(`--status is "${unknown}"; expected ${KNOWN.join(", ")}.`);
}
