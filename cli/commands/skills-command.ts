import { type Command, Option } from "commander";
import { SkillDetailAnswer, SkillPageAnswer } from "../api/answers.ts";
import { segment } from "../api/api-client.ts";
import type { Cli } from "../cli.ts";
import { examples } from "../help-text.ts";
import { parseSkillReference } from "../input/skill-reference.ts";
import { wholeNumber } from "../input/whole-number.ts";
import { openSession } from "../session.ts";
import { renderTable } from "../terminal/render-table.ts";
import { renderSkill } from "../skills/render-skill.ts";

/** `orca skills list | get`: what can be run. */
export function addSkillsCommand(program: Command, cli: Cli): void {
  const skills = program.command("skills").description("see what can be run").helpCommand(false);
  skills
    .command("list")
    .description("list skills")
    .option("-q, --search <words>", "only skills whose id or description holds them")
    .addOption(
      new Option("-n, --limit <number>", "how many")
        .default(100)
        .argParser(wholeNumber("--limit", 1, 500)),
    )
    .option("--cursor <cursor>", "the page after another one")
    .addHelpText("after", examples(["orca skills list -q invoice", "find one"]))
    .action(
      async (
        { search, limit, cursor }: { search?: string; limit: number; cursor?: string },
        command: Command,
      ) => {
        const { client, isJson, terminal, printDocument, printLines } = openSession(
          command,
          cli.terminal,
        );
        const page = await client.get("/skills", SkillPageAnswer, {
          query: { q: search, limit, cursor },
        });
        if (isJson) return printDocument(page);
        if (page.items.length === 0) return terminal.err.line("No skills.");
        const { out, err } = terminal;
        printLines(
          renderTable(
            [
              { title: "SKILL", shrinksTo: 24 },
              { title: "VERSION" },
              { title: "STEPS", align: "right", leaves: 1 },
              { title: "DESCRIPTION", shrinksTo: 20 },
            ],
            page.items.map((skill) => [
              skill.id,
              skill.version,
              String(skill.step_count),
              skill.description === "" ? skill.name : skill.description,
            ]),
            { width: out.width(), paint: out.paint },
          ),
        );
        if (page.next_cursor !== null)
          err.line(err.paint("quiet", `More: --cursor ${page.next_cursor}`));
      },
    );

  skills
    .command("get")
    .description("show a skill's inputs, outputs and examples")
    .argument("<skill>", "the skill's id, with @version for another than the newest")
    .addHelpText("after", examples(["orca skills get document.digest", "what it takes and gives"]))
    .action(async (reference: string, _: object, command: Command) => {
      const session = openSession(command, cli.terminal);
      const { id, version } = parseSkillReference(reference);
      const query = version === null ? {} : { version };
      const skill = await session.client.get(`/skills/${segment(id)}`, SkillDetailAnswer, {
        query,
      });
      if (session.isJson) session.printDocument(skill);
      else session.printLines(renderSkill(skill, cli.terminal));
    });
}
