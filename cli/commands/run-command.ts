import type { Command } from "commander";
import type { z } from "zod";
import { parseDuration } from "../../core/duration.ts";
import { RunAnswer, SkillDetailAnswer } from "../api/answers.ts";
import { type ApiClient, type Call, segment } from "../api/api-client.ts";
import type { Cli } from "../cli.ts";
import { CliError, usageError } from "../cli-error.ts";
import { EXIT_CODE, type ExitCode } from "../exit-code.ts";
import { examples } from "../help-text.ts";
import { toRecord } from "../input/assignments.ts";
import { collect } from "../input/collect.ts";
import { readRunInputs } from "../input/run-inputs.ts";
import { parseSkillReference, type SkillReference } from "../input/skill-reference.ts";
import { followToEnd } from "../runs/follow-to-end.ts";
import { openSession, type Session } from "../session.ts";

type Started = z.output<typeof RunAnswer>;
type RunOptions = {
  input?: string;
  set?: string[];
  env?: string;
  attr?: string[];
  timeout?: string;
  startAt?: string;
  idempotencyKey?: string;
  watch?: boolean;
  wait?: boolean;
};

/** `orca run`: starts a skill, and stays until its end where that is wanted. */
export function addRunCommand(program: Command, cli: Cli): void {
  program
    .command("run")
    .description("start a run of a skill")
    .argument("<skill>", "the skill's id, with @version for another than the newest")
    .option("-i, --input <json>", "the inputs: @file.json, @- for standard input, or JSON")
    .option("-s, --set <name=value>", "one input; @file takes its content (repeatable)", collect)
    .option("-e, --env <name>", "the environment (default dev)")
    .option("--attr <name=value>", "a value to find the run by (repeatable)", collect)
    .option("--timeout <duration>", "end the run after this long: 90s, 5m, 1h30m")
    .option("--start-at <time>", "not before this time, such as 2030-01-31T08:00:00Z")
    .option("--idempotency-key <key>", "sent twice with the same key, the run starts once")
    .option("-w, --watch", "show how it goes, to its end")
    .option("--wait", "wait for its end in silence")
    .addHelpText(
      "after",
      `${examples(
        [
          "orca run document.digest --input @letter.json --watch",
          "watch it, then print its outputs",
        ],
        [
          "orca run document.digest --set text=@letter.txt --wait > digest.json",
          "keep the outputs",
        ],
        [
          "cat letter.json | orca run document.digest@1.0.0 -i @- --attr letter=42",
          "from a pipe, to be found again by an attribute",
        ],
      )}
Prints the run's id, or with --watch or --wait its outputs; all else goes to
standard error. With --json it prints {"run"}; with --wait the run; with
--watch one event per line, and {"run"} at the end.
Exits with 1 where the run failed or was canceled.`,
    )
    .action(async (skill: string, options: RunOptions, command: Command) => {
      const session = openSession(command, cli.terminal);
      cli.exitCode = await run(session, parseSkillReference(skill), options);
    });
}

/** Starts the run; where its inputs are refused, says how to see what the skill takes. */
async function start(client: ApiClient, id: string, call: Call): Promise<Started> {
  try {
    return await client.post("/runs", RunAnswer, call);
  } catch (thrown) {
    if (!(thrown instanceof CliError)) throw thrown;
    const { code, message, exitCode, details, traceId } = thrown;
    const isAboutInputs = code === "invalid_request" && Array.isArray(details?.["problems"]);
    if (!isAboutInputs) throw thrown;
    const hint = `See what it takes: orca skills get ${id}`;
    throw new CliError(code, message, { exitCode, details, traceId, hint, cause: thrown });
  }
}

function checkKey(key: string): string {
  if (/^[\u0021-\u007e]{1,255}$/.test(key)) return key;
  throw usageError("--idempotency-key takes 1 to 255 letters, digits and signs, without spaces.");
}

async function run(
  session: Session,
  { id, version }: SkillReference,
  options: RunOptions,
): Promise<ExitCode> {
  const { client, terminal, isJson, printDocument, pageOf } = session;
  const inputs = await readRunInputs(options, terminal, async () => {
    const query = version === null ? {} : { version };
    return (await client.get(`/skills/${segment(id)}`, SkillDetailAnswer, { query })).inputs;
  });
  const { env, timeout, startAt, idempotencyKey } = options;
  const started = await start(client, id, {
    body: {
      skill: id,
      ...(version === null ? {} : { version }),
      inputs,
      ...(env === undefined ? {} : { environment: env }),
      attributes: toRecord(options.attr ?? [], "--attr"),
      ...(timeout === undefined
        ? {}
        : { options: { timeout_seconds: parseDuration(timeout) / 1000 } }),
      ...(startAt === undefined ? {} : { start_at: startAt }),
    },
    headers: idempotencyKey === undefined ? {} : { "idempotency-key": checkKey(idempotencyKey) },
  });
  const { run_id: runId, skill_version: of, environment } = started.run;
  if (!isJson) {
    const { err } = terminal;
    err.line(`${err.paint("strong", `${id} ${of}`)} in ${environment}  ${runId}`);
  }
  if (options.watch === true || options.wait === true)
    return followToEnd(session, runId, options.watch === true);
  if (isJson) {
    printDocument(started);
  } else {
    terminal.out.line(runId);
    terminal.err.line(`  ${pageOf(runId)}\n  orca runs watch ${runId}`);
  }
  return EXIT_CODE.ok;
}
