import type { Command } from "commander";
import { GroupAnswer, GroupListAnswer, type GroupView } from "../api/answers.ts";
import { segment } from "../api/api-client.ts";
import type { Cli } from "../cli.ts";
import { examples } from "../help-text.ts";
import { openSession, type Session } from "../session.ts";
import { type Column, renderTable } from "../terminal/render-table.ts";

/** `orca groups`: people under one name, to whom questions may go. */
export function addGroupsCommand(program: Command, cli: Cli): void {
  const groups = program
    .command("groups")
    .description("list groups of people, to whom questions may go, and say who belongs to them")
    .helpCommand(false)
    .addHelpText(
      "after",
      examples(
        ["orca groups", "who belongs to which"],
        ["orca groups create finance ada@example.com bob@example.com", "a new one"],
        ["orca groups set finance ada@example.com", "ada, and nobody else"],
      ),
    )
    .action(async (_options: object, command: Command) => {
      const session = openSession(command, cli.terminal);
      const told = await session.client.get("/groups", GroupListAnswer);
      if (session.isJson) session.printDocument(told);
      else if (told.items.length === 0) session.terminal.err.line("No groups.");
      else print(session, told.items);
    });

  groups
    .command("create")
    .description("make a group")
    .argument("<name>", "what to call it")
    .argument("[people...]", "their e-mail addresses or ids")
    .addHelpText("after", examples(["orca groups create finance ada@example.com", "of one person"]))
    .action(async (name: string, members: string[], _options: object, command: Command) => {
      const session = openSession(command, cli.terminal);
      const body = { name, members };
      const told = await session.client.post("/groups", GroupAnswer, { body });
      if (session.isJson) session.printDocument(told);
      else print(session, [told.group]);
    });

  groups
    .command("set")
    .description("say who belongs to a group; who is not named leaves it")
    .argument("<name>", "the group's name")
    .argument("[people...]", "their e-mail addresses or ids; none empties it")
    .addHelpText("after", examples(["orca groups set finance ada@example.com", "ada alone"]))
    .action(async (name: string, members: string[], _options: object, command: Command) => {
      const session = openSession(command, cli.terminal);
      const path = `/groups/${segment(name)}/members`;
      const told = await session.client.post(path, GroupAnswer, { body: { members } });
      if (session.isJson) session.printDocument(told);
      else print(session, [told.group]);
    });

  groups
    .command("remove")
    .description("remove a group; nobody decides through it any more what it was asked")
    .argument("<name>", "the group's name")
    .addHelpText("after", examples(["orca groups remove finance", "by its name"]))
    .action(async (name: string, _options: object, command: Command) => {
      const session = openSession(command, cli.terminal);
      const told = await session.client.delete(`/groups/${segment(name)}`, GroupAnswer);
      if (session.isJson) session.printDocument(told);
      else session.terminal.err.line(`The group ${told.group.name} is removed.`);
    });
}

const COLUMNS: readonly Column[] = [
  { title: "GROUP" },
  { title: "PEOPLE" },
  { title: "WHO", shrinksTo: 24 },
];

function print(session: Session, groups: readonly GroupView[]): void {
  const { out } = session.terminal;
  const rows = groups.map(({ name, members }) => [
    name,
    String(members.length),
    members.map(({ email }) => email).join(", ") || "–",
  ]);
  session.printLines(renderTable(COLUMNS, rows, { width: out.width(), paint: out.paint }));
}
