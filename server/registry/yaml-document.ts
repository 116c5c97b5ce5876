import { visit, type Document } from "yaml";
import type { Json } from "../../core/json.ts";
import type { Diagnostic, DiagnosticCode, DocumentIssue } from "../../core/registry-diagnostic.ts";
import { findDuplicateKeys } from "./find-duplicate-keys.ts";
import { findNode, offsetInText } from "./find-yaml-node.ts";
import { parseYamlLeniently } from "./parse-yaml-leniently.ts";
import { REGISTRY_LIMITS } from "./registry-limits.ts";
import { toJson } from "./to-json.ts";
import {
  duplicateDiagnostic,
  indentationDiagnostic,
  syntaxDiagnostic,
} from "./yaml-diagnostics.ts";

export type Place = { line: number; column: number };

/** One YAML file: its value, and where things stand in it. */
export type YamlDocument = {
  value: Json;
  /** The place of an issue: of its key or value, or of the nearest thing around it that is written down. */
  findPlace(issue: Pick<DocumentIssue, "pointer" | "at" | "column">): Place;
};

export type YamlReading = { document: YamlDocument | null; diagnostics: Diagnostic[] };

/**
 * Reads YAML 1.2 (with `<<` merge keys) and never throws: what cannot be read becomes diagnostics. A quoted text whose
 * further lines are indented too little is read all the same, with a warning, because other readers allow it.
 */
export function readYaml(path: string, content: string): YamlReading {
  if (Buffer.byteLength(content) > REGISTRY_LIMITS.documentBytes) {
    return refused(
      path,
      "document_too_large",
      "The document is larger than 1 MiB.",
      "Split it up.",
    );
  }
  if (!content.isWellFormed() || content.includes("\0")) {
    const message = "The document is not UTF-8 text, or holds a NUL character.";
    return refused(path, "invalid_encoding", message, "Save it as UTF-8.");
  }
  try {
    return readText(path, content.startsWith("\uFEFF") ? content.slice(1) : content);
  } catch (error) {
    if (error instanceof RangeError) {
      return refused(
        path,
        "yaml_syntax",
        "The document is nested too deeply to be read.",
        "Flatten it.",
      );
    }
    if (error instanceof ReferenceError) {
      const message = "The document's aliases expand to more than is allowed.";
      return refused(
        path,
        "alias_limit",
        message,
        "Write the values out instead of repeating an anchor.",
      );
    }
    const message = "The document is not YAML that can be read.";
    return refused(path, "yaml_syntax", message, "Check it with a YAML checker.");
  }
}

/** The reading of a document that is refused as a whole. */
function refused(path: string, code: DiagnosticCode, message: string, hint: string): YamlReading {
  const diagnostic: Diagnostic = {
    severity: "error",
    code,
    path,
    line: 1,
    column: 1,
    message,
    hint,
  };
  return { document: null, diagnostics: [diagnostic] };
}

function readText(path: string, text: string): YamlReading {
  const { parsed, lines, indents } = parseYamlLeniently(text);
  const toPlace = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col - (indents.get(line) ?? 0), 1) };
  };
  const diagnostics = [...parsed.errors, ...parsed.warnings].map((error) =>
    syntaxDiagnostic(path, error, toPlace(error.pos[0])),
  );
  const isExhausted = parsed.errors.some((error) => error.code === "RESOURCE_EXHAUSTION");
  if (isExhausted) throw new RangeError("The parser ran out of stack");
  if (countAliases(parsed) > REGISTRY_LIMITS.documentAliases)
    throw new ReferenceError("Too many aliases");
  const [firstIndented] = indents.keys();
  if (firstIndented !== undefined) diagnostics.push(indentationDiagnostic(path, firstIndented));
  if (parsed.errors.length > 0)
    return { document: null, diagnostics: diagnostics.slice(0, MAX_SYNTAX_ERRORS) };

  for (const duplicate of findDuplicateKeys(parsed)) {
    diagnostics.push(duplicateDiagnostic(path, duplicate, toPlace(duplicate.offset)));
  }
  const findPlace: YamlDocument["findPlace"] = ({ pointer, at = "value", column = 1 }) => {
    const found = findNode(parsed, pointer, at);
    return toPlace(found.offset + (column === 1 ? 0 : offsetInText(found.node, column)));
  };
  const converted = toJson(parsed.toJS({ maxAliasCount: 100 }));
  if ("value" in converted) return { document: { value: converted.value, findPlace }, diagnostics };
  const { severity, code, message, hint } = converted.issue;
  diagnostics.push({ severity, code, path, ...findPlace(converted.issue), message, hint });
  return { document: null, diagnostics };
}

/** One mistake often looks like many to a parser; more than these say nothing new. */
const MAX_SYNTAX_ERRORS = 5;

/** Resolving an alias costs a walk over all of them. */
function countAliases(parsed: Document.Parsed): number {
  let count = 0;
  visit(parsed, { Alias: () => void count++ });
  return count;
}
