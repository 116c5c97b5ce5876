import type { Fields } from "../../core/field.ts";
import type { SkillDetail } from "../api/answers.ts";
import { toOneLine } from "../terminal/one-line.ts";
import { wrapText } from "../terminal/wrap-text.ts";
import { type Cell, renderTable } from "../terminal/render-table.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** A skill as somebody needs it who wants to run it: what it takes, what it gives, and how to call it. */
export function renderSkill(skill: SkillDetail, { out }: Pick<Terminal, "out">): string[] {
  const style = { width: out.width(), paint: out.paint };
  const fields = (title: string, required: string, contents: Fields) => {
    const rows = Object.entries(contents).map(([name, field]): Cell[] => [
      name,
      field.type ?? "any",
      field.required ? { text: required, tone: "warn" } : defaultOf(field.default),
      field.description ?? "",
    ]);
    if (rows.length === 0) return [];
    const columns = [
      { title, shrinksTo: 12 },
      { title: "TYPE" },
      { title: "", shrinksTo: 10 },
      { title: "DESCRIPTION", shrinksTo: 20 },
    ];
    return ["", ...renderTable(columns, rows, style)];
  };
  const [example] = skill.examples;
  return [
    `${out.paint("strong", skill.id)} ${skill.version}`,
    ...(skill.description === "" ? [] : [...wrapText(toOneLine(skill.description), style.width)]),
    ...fields("INPUT", "required", skill.inputs),
    ...fields("OUTPUT", "always", skill.outputs),
    ...(example === undefined
      ? []
      : [
          "",
          out.paint("quiet", toOneLine(example.description || "Example")),
          `orca run ${skill.id} --watch --input ${quote(JSON.stringify(example.input))}`,
        ]),
  ];
}

function defaultOf(value: unknown): string {
  return value === undefined ? "" : `= ${JSON.stringify(value)}`;
}

/** As a POSIX shell takes it. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
