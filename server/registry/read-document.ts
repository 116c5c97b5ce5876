import type { z } from "zod";
import { BindingSchema, ServiceSchema } from "../../core/binding.ts";
import { CapabilitySchema } from "../../core/capability.ts";
import { isJsonObject, type Json } from "../../core/json.ts";
import { DefaultSelectionSchema } from "../../core/registry-default-selection.ts";
import type { Diagnostic, DiagnosticCode, DocumentIssue } from "../../core/registry-diagnostic.ts";
import {
  findContentKind,
  findFilePlace,
  type DocumentKind,
  type FilePlace,
  type SkillChannel,
} from "../../core/registry-document-kind.ts";
import { checkKeys } from "../../core/registry-key-issues.ts";
import { SkillSchema } from "../../core/skill.ts";
import { contentHashOf } from "./content-hash.ts";
import { brokenNameOf } from "./follow-up-issues.ts";
import { mendRouterKeys } from "./mend-router-keys.ts";
import {
  documentIdOf,
  toDiagnostic,
  type RegistryContent,
  type RegistryDocument,
} from "./registry-document.ts";
import { toSchemaIssues } from "./schema-issues.ts";
import { readYaml, type YamlDocument } from "./yaml-document.ts";

export type DocumentReading = {
  document: RegistryDocument | null;
  /** What the file would have brought had it been sound: `capability text.note.write`. */
  brokenName?: string;
  diagnostics: Diagnostic[];
};

/** A file of a registry as it was handed in. */
export type SourceDocument = { path: string; content: string };

/** Reads one file by itself: text, keys and schema. Never throws; a file that is no registry document is left alone. */
export function readDocument({ path, content }: SourceDocument): DocumentReading {
  const place = findFilePlace(path);
  if (place.kind === "ignored")
    return leftAlone(path, "info", "ignored_file", `The file was left alone: ${place.reason}.`);
  const { document: yaml, diagnostics } = readYaml(path, content);
  if (yaml === null) return { document: null, diagnostics, ...brokenAt(place) };
  const kind = place.kind === "unknown" ? findContentKind(yaml.value) : place.kind;
  if (kind === null) {
    const message = "Neither the path nor the content says what kind of registry document this is.";
    const reading = leftAlone(path, "warning", "unrecognized_document", message);
    return { document: null, diagnostics: [...diagnostics, ...reading.diagnostics] };
  }
  const { value, issues: mended } = mendDocument(kind, yaml.value);
  const read = readContent(kind, value, place);
  const issues = [...mended, ...checkKeys(kind, value), ...read.issues];
  const findPlace: YamlDocument["findPlace"] = (issue) => yaml.findPlace(issue);
  diagnostics.push(...issues.map((issue) => toDiagnostic({ path, findPlace }, issue)));
  if (read.content === null || !isJsonObject(value)) {
    const brokenName = brokenNameOf(kind, value);
    return { document: null, diagnostics, ...(brokenName === null ? {} : { brokenName }) };
  }
  const document = {
    ...read.content,
    path,
    source: content,
    value,
    contentHash: contentHashOf(value),
    findPlace,
  };
  diagnostics.push(...checkFileName(document, place).map((issue) => toDiagnostic(document, issue)));
  return { document, diagnostics };
}

/** Parses the value of a document that is complete, such as a capability after its bases were merged into it. */
export function readContent(
  kind: DocumentKind,
  value: Json,
  place: FilePlace,
): { content: RegistryContent | null; issues: DocumentIssue[] } {
  switch (kind) {
    case "capability":
      return parseWith(CapabilitySchema, value, (capability) => ({ kind, capability }));
    case "skill":
      return parseWith(SkillSchema, value, (skill) => ({ kind, skill, channel: channelOf(place) }));
    case "binding":
      return parseWith(BindingSchema, value, (binding) => ({ kind, binding }));
    case "service":
      return parseWith(ServiceSchema, value, (service) => ({ kind, service }));
    case "default_selection":
      return parseWith(DefaultSelectionSchema, value, (selection) => ({ kind, selection }));
  }
}

function parseWith<T>(
  schema: z.ZodType<T>,
  value: Json,
  wrap: (data: T) => RegistryContent,
): { content: RegistryContent | null; issues: DocumentIssue[] } {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { content: wrap(parsed.data), issues: [] };
  return { content: null, issues: toSchemaIssues(parsed.error, value) };
}

/** A skill that does not lie in a registry's folders was made here. */
function channelOf(place: FilePlace): SkillChannel {
  return place.kind === "skill" ? place.channel : "local";
}

function checkFileName(content: RegistryContent, place: FilePlace): DocumentIssue[] {
  const id = documentIdOf(content);
  const expectedId =
    place.kind === "capability" || place.kind === "skill" ? place.expectedId : null;
  if (id === null || expectedId === null || id === expectedId) return [];
  const hint =
    place.kind === "skill"
      ? `Move it to skills/<channel>/${id.replace(".", "/")}/skill.yaml, or correct the id.`
      : `Rename it to ${id}.yaml, or correct the id.`;
  const message = `The file's path asks for the id ${expectedId}, but the document says ${id}.`;
  return [{ severity: "warning", code: "file_name_mismatch", pointer: ["id"], message, hint }];
}

function brokenAt(place: FilePlace): { brokenName?: string } {
  const isNamed = place.kind === "capability" || place.kind === "skill";
  return isNamed && place.expectedId !== null
    ? { brokenName: `${place.kind} ${place.expectedId}` }
    : {};
}

function mendDocument(kind: DocumentKind, value: Json): { value: Json; issues: DocumentIssue[] } {
  return kind === "skill" && isJsonObject(value) ? mendRouterKeys(value) : { value, issues: [] };
}

function leftAlone(
  path: string,
  severity: "info" | "warning",
  code: DiagnosticCode,
  message: string,
): DocumentReading {
  const hint =
    severity === "info"
      ? "Nothing needs to be done."
      : "Put it below capabilities/, skills/, bindings/ or services/, or correct its keys.";
  return {
    document: null,
    diagnostics: [{ severity, code, path, line: 1, column: 1, message, hint }],
  };
}
