import type { Command } from "commander";
import { ApprovalAnswer, ApprovalDetailAnswer } from "../api/answers.ts";
import { segment } from "../api/api-client.ts";
import { renderApprovals } from "../approvals/render-approvals.ts";
import { usageError } from "../cli-error.ts";
import type { Cli } from "../cli.ts";
import { examples } from "../help-text.ts";
import { collect } from "../input/collect.ts";
import { openSession } from "../session.ts";

type PushBackOptions = {
  to: string;
  input: string;
  comment: string;
  hash?: string;
  planHash?: string;
};
type ReassignOptions = { role: string[]; user: string[]; group: string[]; comment?: string };

/** `orca approvals push-back|reassign|claim|release`: send a question back, or give it to others. */
export function addApprovalAssignmentCommands(approvals: Command, cli: Cli): void {
  approvals
    .command("push-back")
    .description("cancel the run, and have a new one begin again at an earlier step")
    .argument("<approval>", "the approval's id")
    .requiredOption("--to <step>", "the earlier step to begin at")
    .requiredOption("--input <name>", "the run's input that takes the comment")
    .requiredOption("--comment <text>", "what is to be different")
    .option("--hash <hash>", "the payload that you have seen; refused if it is another one now")
    .option(
      "--plan-hash <hash>",
      "of `orca plan RUN --for push-back …`; refused if it changed since",
    )
    .addHelpText(
      "after",
      examples([
        `orca approvals push-back apr_0199…_7 --to draft --input remark --comment "shorter"`,
        "the comment becomes inputs.remark",
      ]),
    )
    .action(async (approvalId: string, options: PushBackOptions, command: Command) => {
      const { client, ...session } = openSession(command, cli.terminal);
      const path = `/approvals/${segment(approvalId)}`;
      const { to, input, comment, planHash } = options;
      const hash = options.hash ?? (await client.get(path, ApprovalDetailAnswer)).payload_hash;
      const told = await client.post(`${path}/decide`, ApprovalAnswer, {
        body: {
          decision: "push_back",
          payload_hash: hash,
          step: to,
          input,
          comment,
          ...(planHash === undefined ? {} : { plan_hash: planHash }),
        },
      });
      if (session.isJson) return session.printDocument(told);
      const made = told.approval.decisions.findLast(({ push_back: back }) => back !== undefined);
      session.terminal.err.line(`A new run begins at ${to}:`);
      session.printLines([made?.push_back?.run_id ?? ""]);
    });

  approvals
    .command("reassign")
    .description("have other people decide")
    .argument("<approval>", "the approval's id")
    .option("--role <role>", "everybody with this role (repeatable)", collect, [])
    .option("--user <user>", "this person, by id or e-mail address (repeatable)", collect, [])
    .option("--group <group>", "this group (repeatable)", collect, [])
    .option("--comment <text>", "kept in the run's history")
    .addHelpText(
      "after",
      examples([
        `orca approvals reassign apr_0199…_7 --user ada@example.org --comment "your account"`,
        "to one person",
      ]),
    )
    .action(async (approvalId: string, options: ReassignOptions, command: Command) => {
      const { role: roles, user: users, group: groups, comment } = options;
      if (roles.length + users.length + groups.length === 0)
        throw usageError("Say to whom: --role, --user or --group.");
      const session = openSession(command, cli.terminal);
      const told = await session.client.post(
        `/approvals/${segment(approvalId)}/reassign`,
        ApprovalAnswer,
        { body: { roles, users, groups, ...(comment === undefined ? {} : { comment }) } },
      );
      if (session.isJson) session.printDocument(told);
      else session.printLines(renderApprovals([told.approval], session.terminal).slice(1));
    });

  for (const [verb, description] of [
    ["claim", "say that you are looking at it"],
    ["release", "say that you are not looking at it any more"],
  ] as const) {
    approvals
      .command(verb)
      .description(description)
      .argument("<approval>", "the approval's id")
      .addHelpText("after", examples([`orca approvals ${verb} apr_0199…_7`, description]))
      .action(async (approvalId: string, _options: object, command: Command) => {
        const session = openSession(command, cli.terminal);
        const path = `/approvals/${segment(approvalId)}/${verb}`;
        const told = await session.client.post(path, ApprovalAnswer, { body: {} });
        if (session.isJson) session.printDocument(told);
        else session.printLines(renderApprovals([told.approval], session.terminal).slice(1));
      });
  }
}
