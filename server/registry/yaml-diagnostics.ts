import type { YAMLError } from "yaml";
import type { Diagnostic } from "../../core/registry-diagnostic.ts";
import type { DuplicateKey } from "./find-duplicate-keys.ts";
import type { Place } from "./yaml-document.ts";

/** What the parser complained about, in a sentence. */
export function syntaxDiagnostic(path: string, error: YAMLError, place: Place): Diagnostic {
  const isMultiple = error.code === "MULTIPLE_DOCS";
  return {
    severity: error.name === "YAMLWarning" ? "warning" : "error",
    code: isMultiple ? "multiple_documents" : "yaml_syntax",
    path,
    ...place,
    message: isMultiple
      ? "The file holds more than one YAML document."
      : `${firstLine(error.message)}.`,
    hint: isMultiple
      ? "Put each document into a file of its own."
      : "Correct the YAML at this place.",
  };
}

function firstLine(message: string): string {
  return (message.split("\n", 1)[0] ?? "").replace(/[.:]$/, "").slice(0, 200);
}

/** A key that stands twice: an error where it matters to a run, a warning in documentation. */
export function duplicateDiagnostic(
  path: string,
  { key, isDocumentation }: DuplicateKey,
  place: Place,
): Diagnostic {
  return {
    severity: isDocumentation ? "warning" : "error",
    code: "duplicate_key",
    path,
    ...place,
    message: `Key "${key}" stands here for the second time; the last one counts.`,
    hint: "Remove one of them.",
  };
}

/** Lines that were read as if they were indented enough. */
export function indentationDiagnostic(path: string, line: number): Diagnostic {
  return {
    severity: "warning",
    code: "yaml_indentation",
    path,
    line,
    column: 1,
    message: "A quoted text goes on in a line that is indented too little for YAML 1.2.",
    hint: "Indent the line more than the key that the text belongs to, or write the text as a | block.",
  };
}
