import type { Command } from "commander";
import { PLANNED_OPERATIONS, type PlannedOperation } from "../../core/run-view.ts";
import { REPLAY_POLICIES, type ReplayPolicy } from "../../core/capability.ts";
import { ReplayPlanAnswer, RunAnswer, RunDetailAnswer, SkillDetailAnswer } from "../api/answers.ts";
import { segment } from "../api/api-client.ts";
import type { Cli } from "../cli.ts";
import { usageError } from "../cli-error.ts";
import { EXIT_CODE, type ExitCode } from "../exit-code.ts";
import { examples } from "../help-text.ts";
import { toRecord } from "../input/assignments.ts";
import { collect } from "../input/collect.ts";
import { readRunInputs } from "../input/run-inputs.ts";
import { followToEnd } from "../runs/follow-to-end.ts";
import { renderPlan } from "../runs/render-plan.ts";
import { openSession, type Session } from "../session.ts";

/** What can be planned, by the name that `--for` has for it. */
const OPERATIONS: ReadonlyMap<string, PlannedOperation> = new Map(
  PLANNED_OPERATIONS.map((operation) => [operation.replace("_", "-"), operation]),
);

/** From where, and what is to differ. */
export type RewindOptions = {
  step?: string;
  checkpoint?: string;
  input?: string;
  set?: string[];
  skillVersion?: string;
  env?: string;
  var?: string[];
  binding?: string[];
  map?: string[];
  override?: string[];
  watch?: boolean;
  wait?: boolean;
};

/** The options that plan, replay and fork share. */
export function addRewindOptions(command: Command): Command {
  return command
    .option("--step <step>", "from this step on")
    .option("--checkpoint <id>", "from this checkpoint on")
    .option("-i, --input <json>", "inputs that differ: @file.json, @- or JSON")
    .option("-s, --set <name=value>", "one input that differs (repeatable)", collect)
    .option("--var <name=value>", "a variable that differs from there on (repeatable)", collect)
    .option("--binding <capability=binding>", "another binding (repeatable)", collect)
    .option(
      "--map <step=step>",
      "what a step is in this version; empty: gone (repeatable)",
      collect,
    )
    .option("--override <step=policy>", `${REPLAY_POLICIES.join(", ")} (repeatable)`, collect)
    .option("--skill-version <version>", "another version of the skill")
    .option("-e, --env <name>", "another environment");
}

/** `orca plan` and `orca fork`. */
export function addRewindCommands(program: Command, cli: Cli): void {
  addRewindOptions(
    program
      .command("plan")
      .description("say what a replay, fork, resume or push back would do")
      .argument("<run>", "the run's id"),
  )
    .option("--for <operation>", "replay, fork, resume or push-back (default replay)")
    .addHelpText(
      "after",
      examples(
        ["orca plan run_0199… --step send", "from a step on"],
        ["orca plan run_0199… --for resume", "before a failed run is resumed"],
        [
          "orca plan run_0199… --for push-back --step draft --set remark=shorter --json",
          "before work is pushed back: its plan_hash is for --plan-hash",
        ],
        ["orca plan run_0199… --override send=require_human", "with people asked before a step"],
        ["orca plan run_0199… --skill-version 2.0.0 --map send=notify", "with a step renamed"],
      ),
    )
    .action(async (runId: string, options: RewindOptions & { for?: string }, command: Command) => {
      const session = openSession(command, cli.terminal);
      const operation = operationOf(options.for ?? "replay");
      const plan = await findPlan(session, runId, operation, options);
      if (session.isJson) session.printDocument(plan);
      else session.printLines(renderPlan(plan, session.terminal.out));
      if (operation === "resume" && !session.isJson) {
        const chosen = (options.override ?? []).map((each) => ` --override ${each}`).join("");
        session.terminal.err.line(`  orca resume ${runId}${chosen} --plan-hash ${plan.plan_hash}`);
      }
    });
  addRewindOptions(
    program
      .command("fork")
      .description("make a new run at a point of another one, with edits")
      .argument("<run>", "the run's id"),
  )
    .option("--start", "start it at once; else it waits for: orca resume")
    .option("-w, --watch", "show how it goes, to its end (with --start)")
    .option("--wait", "wait for its end in silence (with --start)")
    .addHelpText(
      "after",
      examples([
        "orca fork run_0199… --step send --set to=ada@example.com --start",
        "with another input",
      ]),
    )
    .action(
      async (runId: string, options: RewindOptions & { start?: boolean }, command: Command) => {
        const session = openSession(command, cli.terminal);
        const start = options.start === true;
        cli.exitCode = await rewind(session, runId, "fork", start ? options : withoutEnd(options), {
          start,
        });
      },
    );
}

/** Carries out the plan that it shows, and follows the new run where that is wanted. */
export async function rewind(
  session: Session,
  runId: string,
  operation: "replay" | "fork",
  options: RewindOptions,
  more: object = {},
): Promise<ExitCode> {
  const { client, terminal, isJson, printDocument, pageOf } = session;
  const wish = await wishOf(session, runId, options);
  const path = `/runs/${segment(runId)}`;
  const plan = await client.post(`${path}/plan`, ReplayPlanAnswer, {
    body: { ...wish, operation },
  });
  if (!isJson) for (const line of renderPlan(plan, terminal.err)) terminal.err.line(line);
  const made = await client.post(`${path}/${operation}`, RunAnswer, {
    body: { ...wish, ...more, plan_hash: plan.plan_hash },
  });
  const { run_id: newRunId, status } = made.run;
  if (options.watch === true || options.wait === true)
    return followToEnd(session, newRunId, options.watch === true);
  if (isJson) {
    printDocument({ ...made, plan });
    return EXIT_CODE.ok;
  }
  terminal.out.line(newRunId);
  const next = status === "pending" ? "resume" : "runs watch";
  terminal.err.line(`  ${pageOf(newRunId)}\n  orca ${next} ${newRunId}`);
  return EXIT_CODE.ok;
}

async function findPlan(
  session: Session,
  runId: string,
  operation: PlannedOperation,
  options: RewindOptions,
) {
  const body = { ...(await wishOf(session, runId, options)), operation };
  return session.client.post(`/runs/${segment(runId)}/plan`, ReplayPlanAnswer, { body });
}

async function wishOf({ client, terminal }: Session, runId: string, options: RewindOptions) {
  const { step, checkpoint, skillVersion, env } = options;
  const stepMap = Object.entries(toRecord(options.map ?? [], "--map"));
  // Whatever is JSON counts as that, everything else as text: variables have no types.
  const vars = await readRunInputs({ set: options.var ?? [] }, terminal, async () => ({}));
  const inputs = await readRunInputs(options, terminal, async () => {
    const run = await client.get(`/runs/${segment(runId)}`, RunDetailAnswer);
    const query = { version: skillVersion ?? run.skill_version };
    return (await client.get(`/skills/${segment(run.skill_id)}`, SkillDetailAnswer, { query }))
      .inputs;
  });
  return {
    ...(step === undefined ? {} : { step }),
    ...(checkpoint === undefined ? {} : { checkpoint_id: checkpoint }),
    edits: {
      inputs,
      vars,
      bindings: toRecord(options.binding ?? [], "--binding"),
      ...(skillVersion === undefined ? {} : { version: skillVersion }),
      ...(env === undefined ? {} : { environment: env }),
    },
    step_map: Object.fromEntries(stepMap.map(([from, to]) => [from, to === "" ? null : to])),
    overrides: overridesOf(options.override),
  };
}

/** Choices for steps, as the API takes them. */
export function overridesOf(texts: readonly string[] = []): Record<string, ReplayPolicy> {
  return Object.fromEntries(
    Object.entries(toRecord(texts, "--override")).map(([stepId, text]) => {
      const policy = REPLAY_POLICIES.find((each) => each === text);
      if (policy !== undefined) return [stepId, policy];
      throw usageError(`--override ${stepId}=${text}: expected ${REPLAY_POLICIES.join(", ")}.`);
    }),
  );
}

function operationOf(text: string): PlannedOperation {
  const operation = OPERATIONS.get(text);
  if (operation !== undefined) return operation;
  throw usageError(`--for is "${text}"; expected ${[...OPERATIONS.keys()].join(", ")}.`);
}

function withoutEnd({ watch: _watch, wait: _wait, ...options }: RewindOptions): RewindOptions {
  return options;
}
