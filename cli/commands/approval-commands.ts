import { type Command, Option } from "commander";
import { APPROVAL_STATUSES, type Verdict } from "../../core/approval.ts";
import { ApprovalAnswer, ApprovalDetailAnswer, ApprovalPageAnswer } from "../api/answers.ts";
import { segment } from "../api/api-client.ts";
import { renderApproval, renderApprovals } from "../approvals/render-approvals.ts";
import type { Cli } from "../cli.ts";
import { addApprovalAssignmentCommands } from "./approval-assignment-commands.ts";
import { examples } from "../help-text.ts";
import { readJson } from "../input/read-json.ts";
import { wholeNumber } from "../input/whole-number.ts";
import { openSession, type Session } from "../session.ts";

type ListOptions = { status: string; run?: string; mine?: boolean; limit: number; cursor?: string };
type AnswerOptions = { payload?: string; comment?: string; reason?: string; hash?: string };

/** `orca approvals` with its verbs, `orca approve` and `orca deny`: what people are asked, and their answers. */
export function addApprovalCommands(program: Command, cli: Cli): void {
  const approvals = program
    .command("approvals")
    .description("list what people are asked, or show one with its payload, secrets masked")
    .argument("[approval]", "an approval's id")
    .addOption(
      new Option("--status <status>", "only these")
        .choices([...APPROVAL_STATUSES, "all"])
        .default("pending"),
    )
    .helpCommand(false)
    .option("--run <id>", "only those of this run")
    .option("--mine", "only those that you may decide")
    .addOption(
      new Option("-n, --limit <number>", "how many")
        .default(50)
        .argParser(wholeNumber("--limit", 1, 500)),
    )
    .option("--cursor <cursor>", "the page after another one")
    .addHelpText(
      "after",
      examples(
        ["orca approvals --mine", "what waits for you"],
        ["orca approvals apr_0199…_7", "one with what is asked"],
      ),
    )
    .action(async (approvalId: string | undefined, options: ListOptions, command: Command) => {
      const session = openSession(command, cli.terminal);
      if (approvalId === undefined) await listApprovals(session, options);
      else await showApproval(session, approvalId);
    });
  addApprovalAssignmentCommands(approvals, cli);

  program
    .command("approve")
    .description("approve what is asked, as it is or edited")
    .argument("<approval>", "the approval's id")
    .option("-p, --payload <json>", "an edited payload: JSON, @file.json or @-")
    .option("--comment <text>", "kept in the run's history")
    .option("--hash <hash>", "the payload that you have seen; refused if it is another one now")
    .addHelpText(
      "after",
      examples(
        ["orca approve apr_0199…_7", "as it is"],
        [`orca approve apr_0199…_7 -p '{"amount":8}' --comment "8 is enough"`, "with an edit"],
      ),
    )
    .action((approvalId: string, options: AnswerOptions, command: Command) =>
      answer(openSession(command, cli.terminal), approvalId, "approve", options),
    );

  program
    .command("deny")
    .description("deny what is asked; the run is canceled")
    .argument("<approval>", "the approval's id")
    .requiredOption("--reason <text>", "why; kept in the run's history")
    .option("--hash <hash>", "the payload that you have seen; refused if it is another one now")
    .addHelpText(
      "after",
      examples([`orca deny apr_0199…_7 --reason "wrong account"`, "and say why"]),
    )
    .action((approvalId: string, { reason, ...options }: AnswerOptions, command: Command) =>
      answer(openSession(command, cli.terminal), approvalId, "deny", {
        ...options,
        ...(reason === undefined ? {} : { comment: reason }),
      }),
    );
}

async function listApprovals(session: Session, options: ListOptions): Promise<void> {
  const { client, isJson, terminal, printDocument, printLines } = session;
  const { status, run, mine, limit, cursor } = options;
  const page = await client.get("/approvals", ApprovalPageAnswer, {
    query: {
      status: status === "all" ? undefined : status,
      run_id: run,
      eligible: mine,
      limit,
      cursor,
    },
  });
  if (isJson) return printDocument(page);
  if (page.items.length === 0) {
    return terminal.err.line(status === "all" ? "No approvals." : `No ${status} approvals.`);
  }
  printLines(renderApprovals(page.items, terminal));
  if (page.next_cursor !== null)
    terminal.err.line(terminal.err.paint("quiet", `More: --cursor ${page.next_cursor}`));
}

async function showApproval(session: Session, approvalId: string): Promise<void> {
  const path = `/approvals/${segment(approvalId)}`;
  const approval = await session.client.get(path, ApprovalDetailAnswer);
  if (session.isJson) session.printDocument(approval);
  else session.printLines(renderApproval(approval, session.terminal));
}

/** Without --hash it is the payload as it stands now that is decided. */
async function answer(
  session: Session,
  approvalId: string,
  decision: Verdict,
  { payload, comment, hash }: AnswerOptions,
): Promise<void> {
  const { client, isJson, printDocument, printLines } = session;
  const path = `/approvals/${segment(approvalId)}`;
  const edited =
    payload === undefined ? undefined : await readJson(payload, "--payload", session.terminal);
  const payloadHash = hash ?? (await client.get(path, ApprovalDetailAnswer)).payload_hash;
  const told = await client.post(`${path}/decide`, ApprovalAnswer, {
    body: {
      decision,
      payload_hash: payloadHash,
      ...(edited === undefined ? {} : { payload: edited }),
      ...(comment === undefined ? {} : { comment }),
    },
  });
  if (isJson) printDocument(told);
  else printLines(renderApprovals([told.approval], session.terminal).slice(1));
}
