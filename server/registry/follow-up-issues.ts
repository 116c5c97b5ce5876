import { isJsonObject, type Json } from "../../core/json.ts";
import { readPath } from "../../core/json-path.ts";
import type { DiagnosticCode, DocumentIssue } from "../../core/registry-diagnostic.ts";
import type { DocumentKind } from "../../core/registry-document-kind.ts";

/** What a document that could not be read would have brought: `capability text.note.write`. */
export type BrokenNames = ReadonlySet<string>;

const MISSES: Partial<Record<DiagnosticCode, DocumentKind>> = {
  unknown_capability: "capability",
  unknown_skill: "skill",
  unknown_binding: "binding",
  unknown_service: "service",
};

/** The name of a document that has an id but is broken otherwise, or null. */
export function brokenNameOf(kind: DocumentKind, value: Json): string | null {
  const id = isJsonObject(value) ? value["id"] : undefined;
  return typeof id === "string" ? `${kind} ${id}` : null;
}

/** True for an issue that only says that a broken document is missed: mending that one mends this too. */
export function isFollowUp(issue: DocumentIssue, document: Json, broken: BrokenNames): boolean {
  const kind = MISSES[issue.code];
  if (kind === undefined || broken.size === 0) return false;
  const named =
    issue.at === "key" ? issue.pointer.at(-1) : readPath(document, issue.pointer.map(String));
  if (typeof named !== "string") return false;
  return broken.has(`${kind} ${named.replace(/^skill:/, "").replace(/@.*$/, "")}`);
}
