import { isJsonObject, type Json } from "./json.ts";
import { findClosestName } from "./registry-closest-name.ts";
import type { DocumentIssue, Pointer } from "./registry-diagnostic.ts";
import type { DocumentKind } from "./registry-document-kind.ts";
import { KNOWN_KEYS, type KeyRules } from "./registry-known-keys.ts";

/** A warning for every key of the document that has no effect, however deep it stands. */
export function checkKeys(kind: DocumentKind, document: Json): DocumentIssue[] {
  return checkMapping(KNOWN_KEYS[kind], document, []);
}

function checkMapping(rules: KeyRules, value: Json | undefined, pointer: Pointer): DocumentIssue[] {
  if (!isJsonObject(value)) return [];
  const issues = Object.keys(value)
    .filter((key) => !rules.known.has(key))
    .map((key) => keyIssue(rules, key, [...pointer, key]));
  const below = (key: string, rules: KeyRules) =>
    checkMapping(rules, own(value, key), [...pointer, key]);
  for (const [key, nested] of Object.entries(rules.nested ?? {}))
    issues.push(...below(key, nested));
  for (const [key, each] of Object.entries(rules.nestedEach ?? {})) {
    const named = own(value, key);
    if (!isJsonObject(named)) continue;
    for (const [name, item] of Object.entries(named))
      issues.push(...checkMapping(each, item, [...pointer, key, name]));
  }
  for (const [key, each] of Object.entries(rules.nestedItems ?? {})) {
    const list = own(value, key);
    if (!Array.isArray(list)) continue;
    for (const [index, item] of list.entries())
      issues.push(...checkMapping(each, item, [...pointer, key, index]));
  }
  return issues;
}

function keyIssue(rules: KeyRules, key: string, pointer: Pointer): DocumentIssue {
  const misplaced = own(rules.misplaced ?? {}, key);
  if (misplaced !== undefined) {
    const message = `Key "${key}" has no effect on ${rules.noun}.`;
    return {
      severity: "warning",
      code: "ignored_key",
      pointer,
      at: "key",
      message,
      hint: misplaced,
    };
  }
  const message = `Key "${key}" is not part of ${rules.noun} and is ignored.`;
  return {
    severity: "warning",
    code: "unknown_key",
    pointer,
    at: "key",
    message,
    hint: hintFor(rules, key),
  };
}

function hintFor(rules: KeyRules, key: string): string {
  const known = own(rules.hints ?? {}, key);
  if (known !== undefined) return known;
  const closest = findClosestName(key, rules.known);
  return closest === null ? "Remove it, or move it below metadata." : `Did you mean ${closest}?`;
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
