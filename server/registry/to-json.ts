import type { Json } from "../../core/json.ts";
import { setOwn } from "../../core/own-property.ts";
import type { DocumentIssue, Pointer } from "../../core/registry-diagnostic.ts";
import { REGISTRY_LIMITS } from "./registry-limits.ts";

/**
 * A YAML value as JSON that can be hashed and stored: finite numbers, well-formed text, not too deep, not too much
 * once aliases are expanded. Otherwise the first thing that is in the way.
 */
export function toJson(value: unknown): { value: Json } | { issue: DocumentIssue } {
  const budget = {
    values: REGISTRY_LIMITS.documentValues,
    characters: REGISTRY_LIMITS.documentCharacters,
  };
  try {
    return { value: convert(value, [], budget) };
  } catch (error) {
    if (error instanceof Unconvertible) return { issue: error.issue };
    throw error;
  }
}

class Unconvertible extends Error {
  readonly issue: DocumentIssue;
  constructor(code: DocumentIssue["code"], pointer: Pointer, message: string, hint: string) {
    super(message);
    this.issue = { severity: "error", code, pointer, message, hint };
  }
}

type Budget = { values: number; characters: number };

function convert(value: unknown, pointer: Pointer, budget: Budget): Json {
  budget.values -= 1;
  if (budget.values < 0 || budget.characters < 0) {
    throw new Unconvertible(
      "alias_limit",
      [],
      "The document expands to more than is allowed.",
      "Write the values out, or split the document.",
    );
  }
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return checkText(value, pointer, budget);
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value !== "object") {
    throw new Unconvertible(
      "invalid_field",
      pointer,
      `${describe(value)} is not a JSON value.`,
      "Write it as text, in quotes.",
    );
  }
  if (pointer.length >= REGISTRY_LIMITS.documentDepth) {
    const message = `The document is nested deeper than ${REGISTRY_LIMITS.documentDepth} levels.`;
    throw new Unconvertible("invalid_field", pointer.slice(0, 5), message, "Flatten the document.");
  }
  if (Array.isArray(value))
    return value.map((item, index) => convert(item, [...pointer, index], budget));
  const map: { [key: string]: Json } = {};
  for (const [key, item] of Object.entries(value)) {
    setOwn(map, checkText(key, pointer, budget), convert(item, [...pointer, key], budget));
  }
  return map;
}

function describe(value: unknown): string {
  return typeof value === "number" || typeof value === "bigint"
    ? String(value)
    : `A ${typeof value}`;
}

function checkText(text: string, pointer: Pointer, budget: Budget): string {
  budget.characters -= text.length;
  if (text.isWellFormed() && !text.includes("\0")) return text;
  throw new Unconvertible(
    "invalid_encoding",
    pointer,
    "The text holds a NUL or half a surrogate pair, which cannot be stored.",
    "Remove the character.",
  );
}
