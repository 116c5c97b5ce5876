import type { ImportReport } from "../api/answers.ts";
import { toOneLine } from "../terminal/one-line.ts";
import type { Paint, Tone } from "../terminal/tone.ts";
import { wrapText } from "../terminal/wrap-text.ts";

type ReportStyle = {
  isDryRun: boolean;
  /** How a path of the report is called here. */
  toLocalPath: (path: string) => string;
  /** Columns of the terminal; null where a diagnostic is to stay one line. */
  width: number | null;
  paint: Paint;
};

const INDENT = "    ";
const TONES = { error: "bad", warning: "warn", info: "quiet" } as const satisfies Record<
  string,
  Tone
>;
const SINGULAR: Readonly<Record<string, string>> = {
  capabilities: "capability",
  skills: "skill",
  bindings: "binding",
  services: "service",
  defaults: "default",
};

/** True where the import was refused for what its documents say. */
export function hasErrors({ diagnostics }: ImportReport): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

/**
 * `path:line:column severity code message` for each diagnostic, its hint under it, and a summary. Errors come last, next
 * to the summary, where one looks first.
 */
export function renderImportReport(
  report: ImportReport,
  { isDryRun, toLocalPath, width, paint }: ReportStyle,
): string[] {
  const isError = ({ severity }: ImportReport["diagnostics"][number]) => severity === "error";
  const { diagnostics } = report;
  const ordered = [...diagnostics.filter((each) => !isError(each)), ...diagnostics.filter(isError)];
  const lines = ordered.flatMap(({ severity, code, path, line, column, message, hint }) => {
    const place = `${toOneLine(toLocalPath(path))}:${line}:${column}`;
    const [first = "", ...more] = wrapText(
      `${place} ${severity} ${code} ${toOneLine(message)}`,
      width,
      INDENT,
    );
    const hints =
      hint === null || hint === "" ? [] : wrapText(INDENT + toOneLine(hint), width, INDENT);
    return [
      first.replace(` ${severity} `, () => ` ${paint(TONES[severity], severity)} `),
      ...more,
      ...hints.map((each) => paint("quiet", each)),
    ];
  });
  return [...lines, ...(lines.length === 0 ? [] : [""]), ...summary(report, isDryRun, paint)];
}

function summary(report: ImportReport, isDryRun: boolean, paint: Paint): string[] {
  const counted = (severity: string) =>
    report.diagnostics.filter((each) => each.severity === severity).length;
  const found = [
    count(counted("error"), "error", "errors"),
    count(counted("warning"), "warning", "warnings"),
    count(counted("info"), "note", "notes"),
  ].filter((part) => part !== null);
  const tail = found.length === 0 ? "" : ` ${found.join(", ")}.`;
  if (hasErrors(report)) {
    const verdict = isDryRun ? "Nothing would be imported." : "Nothing was imported.";
    return [`${paint("bad", verdict)}${tail}`];
  }
  const imported = Object.entries(report.imported)
    .map(([kind, number]) => count(number, SINGULAR[kind] ?? kind, kind))
    .filter((part) => part !== null);
  if (imported.length === 0) return [`${paint("good", "Everything is there already.")}${tail}`];
  return [
    `${paint("good", isDryRun ? "Would import" : "Imported")} ${imported.join(", ")}.${tail}`,
  ];
}

function count(number: number, one: string, many: string): string | null {
  return number === 0 ? null : `${number} ${number === 1 ? one : many}`;
}
