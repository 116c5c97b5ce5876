import type { RegistryRows } from "../../database/registry-rows.ts";
import { planImport, type ImportPlan } from "../plan-import.ts";
import { readDocument, type SourceDocument } from "../read-document.ts";

export const EMPTY_REGISTRY: RegistryRows = {
  capabilities: [],
  skills: [],
  bindings: [],
  services: [],
  defaults: [],
};

/** The plan of an import of the files into an empty registry. */
export function planFiles(files: SourceDocument[]): ImportPlan {
  return planImport(files.map(readDocument), EMPTY_REGISTRY, "2026-01-02T03:04:05.678Z");
}

/** The diagnostics of the files as `path:line:column severity code`, in order. */
export function placesOf(files: SourceDocument[]): string[] {
  return planFiles(files).report.diagnostics.map(
    ({ path, line, column, severity, code }) => `${path}:${line}:${column} ${severity} ${code}`,
  );
}
