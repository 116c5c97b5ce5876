import type { Diagnostic } from "../../core/registry-diagnostic.ts";
import type { RegistryRows, StoredDefault } from "../database/registry-rows.ts";
import { addDocuments } from "./add-documents.ts";
import { buildRegistryCatalog } from "./build-registry-catalog.ts";
import { findChangedDefaults } from "./changed-defaults.ts";
import { checkDocuments } from "./check-documents.ts";
import { findDuplicateIds } from "./find-duplicate-ids.ts";
import type { ImportReport } from "./import-report.ts";
import { mergeBases } from "./merge-bases.ts";
import type { DocumentReading } from "./read-document.ts";
import {
  selectNewDocuments,
  type NewBinding,
  type NewCapability,
  type NewService,
  type NewSkill,
} from "./select-new-documents.ts";

/** What an import would write, and all there is to say about it. Nothing may be written where `hasErrors`. */
export type ImportPlan = {
  capabilities: NewCapability[];
  skills: (NewSkill & { diagnostics: Diagnostic[] })[];
  bindings: NewBinding[];
  services: NewService[];
  defaults: StoredDefault[];
  report: ImportReport;
  hasErrors: boolean;
};

/** Settles an import against what is stored. Pure: the same documents and rows give the same plan. */
export function planImport(
  readings: DocumentReading[],
  rows: RegistryRows,
  importedAt: string,
): ImportPlan {
  const read = readings.flatMap(({ document }) => document ?? []);
  const { documents, diagnostics: baseDiagnostics } = mergeBases(read, rows.capabilities);
  const broken = new Set(readings.flatMap(({ brokenName }) => brokenName ?? []));
  const news = selectNewDocuments(documents, rows);
  const catalog = buildRegistryCatalog(addDocuments(rows, news, importedAt));
  const diagnostics = [
    ...readings.flatMap((reading) => reading.diagnostics),
    ...baseDiagnostics,
    ...findDuplicateIds(documents),
    ...news.conflicts,
    ...findChangedDefaults(documents, rows.defaults),
    ...checkDocuments(documents, catalog, broken),
  ].sort(byPlace);
  const hasErrors = diagnostics.some(({ severity }) => severity === "error");
  const about = Map.groupBy(diagnostics, ({ path }) => path);
  const { capabilities, skills, bindings, services, defaults } = news;
  const count = (list: unknown[]) => (hasErrors ? 0 : list.length);
  return {
    capabilities,
    skills: skills.map((skill) => ({ ...skill, diagnostics: about.get(skill.path) ?? [] })),
    bindings,
    services,
    defaults,
    report: {
      imported: {
        capabilities: count(capabilities),
        skills: count(skills),
        bindings: count(bindings),
        services: count(services),
        defaults: count(defaults),
      },
      diagnostics,
    },
    hasErrors,
  };
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
