import type { z } from "zod";
import type { Json } from "../../core/json.ts";
import { readPath } from "../../core/json-path.ts";
import type { DocumentIssue, Pointer } from "../../core/registry-diagnostic.ts";

/** What a schema found wrong, as issues of the document: a key that is missing, or a value that does not fit. */
export function toSchemaIssues(error: z.ZodError, document: Json): DocumentIssue[] {
  return error.issues.flatMap((issue) => toIssues(issue, document, []));
}

function toIssues(issue: z.core.$ZodIssue, document: Json, above: Pointer): DocumentIssue[] {
  const pointer = [
    ...above,
    ...issue.path.map((key) => (typeof key === "symbol" ? String(key) : key)),
  ];
  const nested = issue.code === "invalid_union" ? closestBranch(issue.errors) : [];
  if (nested.length > 0) return nested.flatMap((inner) => toIssues(inner, document, pointer));
  const name = pointer.join(".");
  if (pointer.length > 0 && readPath(document, pointer.map(String)) === undefined) {
    const message = `${name} is missing.`;
    return [
      {
        severity: "error",
        code: "missing_field",
        pointer,
        at: "key",
        message,
        hint: `Add ${name}.`,
      },
    ];
  }
  const message = name === "" ? issue.message : `${name}: ${issue.message}`;
  const hint = issue.code === "unrecognized_keys" ? "Remove the key." : "Correct the value.";
  return [
    {
      severity: "error",
      code: "invalid_field",
      pointer,
      message: `${message}.`.replace("..", "."),
      hint,
    },
  ];
}

/** Of the branches of a union, the one that went on the furthest: what the author most likely meant. */
function closestBranch(branches: readonly z.core.$ZodIssue[][]): z.core.$ZodIssue[] {
  const depths = branches.map((issues) => Math.max(0, ...issues.map((issue) => issue.path.length)));
  const deepest = Math.max(0, ...depths);
  return deepest === 0 ? [] : (branches[depths.indexOf(deepest)] ?? []);
}
