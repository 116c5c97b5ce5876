import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { RENAMED_CAPABILITIES } from "../../core/capability-aliases.ts";
import type { Diagnostic } from "../../core/registry-diagnostic.ts";
import { addDocuments } from "./add-documents.ts";
import { buildRegistryCatalog } from "./build-registry-catalog.ts";
import type { ImportPlan } from "./plan-import.ts";
import type { SourceDocument } from "./read-document.ts";
import { readDirectory } from "./read-directory.ts";
import { findCorpus } from "./testing/corpus.ts";
import { EMPTY_REGISTRY, planFiles } from "./testing/plan-files.ts";

const corpus = findCorpus();

function countCodes(diagnostics: Diagnostic[]): Record<string, number> {
  const groups = Map.groupBy(diagnostics, ({ severity, code }) => `${severity} ${code}`);
  return Object.fromEntries([...groups].map(([key, list]) => [key, list.length]));
}

/** How many of the diagnostics there are per skill, as `domain/slug`. */
function countSkills(diagnostics: Diagnostic[], code: string): Record<string, number> {
  const matching = diagnostics.filter(
    (each) => each.code === code && each.path.startsWith("skills/"),
  );
  const groups = Map.groupBy(matching, ({ path }) => path.split("/").slice(2, 4).join("/"));
  return Object.fromEntries([...groups].map(([key, list]) => [key, list.length]));
}

describe.runIf(corpus !== null)("the current registry", () => {
  let plan: ImportPlan;
  let diagnostics: Diagnostic[];
  beforeAll(async () => {
    plan = planFiles(await readDirectory(join(corpus ?? "", "current")));
    ({ diagnostics } = plan.report);
  });

  test("imports its 184 capabilities and 40 skills", () => {
    expect(plan.report.imported).toEqual({
      capabilities: 184,
      skills: 40,
      bindings: 0,
      services: 0,
      defaults: 0,
    });
  });

  test("gives no error and exactly these diagnostics", () => {
    expect(countCodes(diagnostics)).toEqual({
      "warning unknown_key": 26 + 2 + 3, // status of capabilities; status of skills; channel, domain and slug of one
      "warning ignored_key": 3 + 1, // step-level depends_on; step-level timeout_seconds
      "warning unknown_input": 12,
      "warning unknown_output": 3,
      "warning output_never_produced": 11,
      "warning deprecated_capability": 4,
      "info deep_reference": 2, // one of inputs, one of vars
      "info ignored_file": 2, // the vocabulary
    });
  });

  test("gives them where the skills are at fault", () => {
    expect(countSkills(diagnostics, "ignored_key")).toEqual({
      "research/generate-briefing": 3,
      "agent/execute-from-plan": 1,
    });
    expect(countSkills(diagnostics, "unknown_input")).toEqual({
      "analysis/decompose": 2,
      "decision/make": 6,
      "task/frame": 4,
    });
    expect(countSkills(diagnostics, "unknown_output")).toEqual({ "decision/make": 2 });
    expect(countSkills(diagnostics, "deprecated_capability")).toEqual({
      "agent/orchestrate-from-prompt": 4,
    });
  });

  test("points at the line and column of the step-level depends_on", () => {
    const found = diagnostics.filter(
      ({ code, path }) => code === "ignored_key" && path.includes("generate-briefing"),
    );
    expect(found.map(({ line, column }) => [line, column])).toEqual([
      [162, 5],
      [170, 5],
      [178, 5],
    ]);
  });
});

describe.runIf(corpus !== null)("the executable registry", () => {
  let files: SourceDocument[];
  let plan: ImportPlan;
  beforeAll(async () => {
    files = await readDirectory(join(corpus ?? "", "executable"));
    plan = planFiles(files);
  });

  test("imports its 141 capabilities, 37 skills, 189 bindings, 43 services and 141 defaults", () => {
    expect(plan.report.imported).toEqual({
      capabilities: 141,
      skills: 37,
      bindings: 189,
      services: 43,
      defaults: 141,
    });
  });

  test("gives no error and exactly these diagnostics", () => {
    expect(countCodes(plan.report.diagnostics)).toEqual({
      "warning unknown_key": 5,
      "warning ignored_key": 3,
      "warning unknown_input": 6,
      "warning unknown_output": 2,
      "warning output_never_produced": 11,
      "warning yaml_indentation": 4, // texts that only lenient readers accept
      "warning duplicate_key": 1,
      "info ignored_file": 11, // specifications of services
    });
  });

  test("gives each of the 141 capabilities a default binding with a service", () => {
    const catalog = buildRegistryCatalog(
      addDocuments(EMPTY_REGISTRY, plan, "2026-01-02T03:04:05.678Z"),
    );
    const defaults = Object.values(catalog.defaults("dev"));
    expect(defaults).toHaveLength(141);
    const services = defaults.map((id) =>
      catalog.service(catalog.binding(id)?.binding.service ?? ""),
    );
    expect(services).not.toContain(null);
  });

  test("has the former name of each of the 48 renames", () => {
    const ids = new Set(plan.capabilities.map(({ capability }) => capability.id));
    expect(Object.keys(RENAMED_CAPABILITIES).filter((id) => !ids.has(id))).toEqual([]);
  });

  test("serves the current registry's skills through the renames, where both hold the capability", async () => {
    const current = await readDirectory(join(corpus ?? "", "current"));
    const capabilities = current.filter(({ path }) => path.startsWith("capabilities/"));
    const bindings = files.filter(
      ({ path }) => !path.startsWith("capabilities/") && !path.startsWith("skills/"),
    );
    const merged = planFiles([...capabilities, ...bindings]);
    expect(merged.hasErrors).toBe(false);
    const catalog = buildRegistryCatalog(
      addDocuments(EMPTY_REGISTRY, merged, "2026-01-02T03:04:05.678Z"),
    );
    const bound = catalog.capabilities.filter(
      ({ capability }) => catalog.bindingsOf(capability.id).length > 0,
    );
    expect(bound).toHaveLength(138);
  });
});
