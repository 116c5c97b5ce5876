import * as fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { planImport } from "./plan-import.ts";
import { readDocument } from "./read-document.ts";
import { EMPTY_REGISTRY } from "./testing/plan-files.ts";
import { registryFiles } from "./testing/registry-documents.ts";

const PATHS = [
  "capabilities/a.b.yaml",
  "skills/local/text/note/skill.yaml",
  "bindings/a.yaml",
  "services/a.yaml",
  "official_default_selection.yaml",
  "unknown.yaml",
];
const KEYS =
  `id version name description inputs outputs steps uses input output config depends_on foreach while
  router scatter capabilities cases on true items join capability service protocol operation request response
  metadata kind module server extends safety effect defaults __proto__ constructor << toString`.split(
    /\s+/,
  );
const VALUES = [
  "a.b",
  "1.0.0",
  "inputs.text",
  "vars.a",
  "outputs.note",
  "skill:text.note",
  "wait.signal",
  "builtin",
  "all",
  "",
];

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom<unknown>(...VALUES, true, 1, -0.5, null),
    fc.string({ unit: "binary" }),
    fc.array(tie("any"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie("any"), { maxKeys: 8 }),
  ),
})).any;

const SOUND = registryFiles().map(readDocument);

/** Import is total: whatever comes, there is a report whose places are in the file. */
function expectReport(path: string, content: string): void {
  const readings = [readDocument({ path, content }), ...SOUND];
  const { report } = planImport(readings, EMPTY_REGISTRY, "2026-01-02T03:04:05.678Z");
  const lines = content.split(/\r?\n/).length;
  for (const diagnostic of report.diagnostics) {
    expect(diagnostic.line).toBeGreaterThanOrEqual(1);
    expect(diagnostic.column).toBeGreaterThanOrEqual(1);
    if (diagnostic.path === path) expect(diagnostic.line).toBeLessThanOrEqual(lines + 1);
    expect(diagnostic.hint).not.toBe("");
  }
}

test("any text gives a report", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...PATHS),
      fc.string({ unit: "binary", maxLength: 200 }),
      expectReport,
    ),
    { numRuns: 300 },
  );
});

test("any text of YAML's own characters gives a report", () => {
  const unit = fc.constantFrom(
    ..."ab:-[]{}&*!|>'\"%@#,? \n\t\r0\\<.".split(""),
    "id: ",
    "\n  ",
    "- ",
    "&a ",
    "*a",
    "<<: ",
    "---\n",
  );
  fc.assert(
    fc.property(fc.constantFrom(...PATHS), fc.string({ unit, maxLength: 80 }), expectReport),
    { numRuns: 300 },
  );
});

test("any structure of the documents' own keys gives a report", () => {
  fc.assert(
    fc.property(fc.constantFrom(...PATHS), value, (path, document) => {
      expectReport(path, stringify(document));
    }),
    { numRuns: 300 },
  );
});

test("a sound document with one place replaced by anything gives a report", () => {
  fc.assert(
    fc.property(fc.nat(3), fc.nat(1_000), fc.string({ maxLength: 20 }), (file, at, text) => {
      const { path, content } = registryFiles()[file] ?? { path: "x.yaml", content: "" };
      const cut = at % (content.length + 1);
      expectReport(path, content.slice(0, cut) + text + content.slice(cut + 1));
    }),
    { numRuns: 300 },
  );
});
