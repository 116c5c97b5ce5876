import { describe, expect, test } from "vitest";
import type { ImportReport } from "../api/answers.ts";
import { paintNothing } from "../terminal/tone.ts";
import { renderImportReport } from "./render-import-report.ts";

const diagnostic = (
  severity: "error" | "warning" | "info",
  path: string,
): ImportReport["diagnostics"][number] => ({
  severity,
  code: "unknown_key",
  path,
  line: 3,
  column: 5,
  message: "The key is not known.",
  hint: "Take it out.",
});
const render = (report: Partial<ImportReport>, isDryRun = false) =>
  renderImportReport(
    {
      imported: { capabilities: 0, skills: 0, bindings: 0, services: 0 },
      diagnostics: [],
      ...report,
    },
    { isDryRun, toLocalPath: (path) => `registry/${path}`, width: null, paint: paintNothing },
  );

describe("the report of an import", () => {
  test("tells of another choice of bindings, though no document is new", () => {
    const imported = { capabilities: 0, skills: 0, bindings: 0, services: 0, defaults: 1 };
    expect(render({ imported })).toEqual(["Imported 1 default."]);
  });

  test("counts what came in", () => {
    const imported = { capabilities: 2, skills: 1, bindings: 0, services: 1 };
    expect(render({ imported })).toEqual(["Imported 2 capabilities, 1 skill, 1 service."]);
    expect(render({ imported }, true)).toEqual([
      "Would import 2 capabilities, 1 skill, 1 service.",
    ]);
  });

  test("says where nothing was new", () => {
    expect(render({})).toEqual(["Everything is there already."]);
  });

  test("gives every diagnostic its place, the errors last", () => {
    const report = render({
      diagnostics: [diagnostic("error", "a.yaml"), diagnostic("warning", "b.yaml")],
    });
    expect(report).toEqual([
      "registry/b.yaml:3:5 warning unknown_key The key is not known.",
      "    Take it out.",
      "registry/a.yaml:3:5 error unknown_key The key is not known.",
      "    Take it out.",
      "",
      "Nothing was imported. 1 error, 1 warning.",
    ]);
  });
});
