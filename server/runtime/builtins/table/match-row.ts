import { DomainError } from "../../../../core/errors.ts";
import { isJsonObject, jsonEquals, type Json, type JsonObject } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import { readPath } from "../data/read-path.ts";

type Test = (value: Json, expected: Json) => boolean;

const equals: Test = (value, expected) =>
  jsonEquals(value, expected) ||
  (isScalar(value) && isScalar(expected) && asText(value) === asText(expected));
const contains: Test = (value, expected) =>
  Array.isArray(value)
    ? value.some((item) => equals(item, expected))
    : asText(value).toLowerCase().includes(asText(expected).toLowerCase());

/** Every comparison that a condition may name. Order compares numbers as numbers (also in text form), else as text. */
const TESTS: Readonly<Record<string, Test>> = {
  "==": equals,
  "=": equals,
  eq: equals,
  equals,
  "!=": (value, expected) => !equals(value, expected),
  ne: (value, expected) => !equals(value, expected),
  ">": (value, expected) => compareValues(value, expected) > 0,
  gt: (value, expected) => compareValues(value, expected) > 0,
  ">=": (value, expected) => compareValues(value, expected) >= 0,
  gte: (value, expected) => compareValues(value, expected) >= 0,
  "<": (value, expected) => compareValues(value, expected) < 0,
  lt: (value, expected) => compareValues(value, expected) < 0,
  "<=": (value, expected) => compareValues(value, expected) <= 0,
  lte: (value, expected) => compareValues(value, expected) <= 0,
  in: (value, expected) => Array.isArray(expected) && expected.some((item) => equals(value, item)),
  not_in: (value, expected) =>
    Array.isArray(expected) && !expected.some((item) => equals(value, item)),
  contains,
  not_contains: (value, expected) => !contains(value, expected),
  starts_with: (value, expected) => asText(value).startsWith(asText(expected)),
  ends_with: (value, expected) => asText(value).endsWith(asText(expected)),
  is_empty: (value, expected) =>
    (value === null || asText(value).trim() === "") === (expected !== false),
};

/**
 * True where a row meets a condition: `{all|any|not: …}`, `{column|field, operator|op, value}`, or `{column: value}` and
 * `{column: {">": 3}}` with every entry required. A missing column is null. An unknown operator is `invalid_request`.
 */
export function isMatch(row: JsonObject, condition: JsonObject): boolean {
  const column = condition["column"] ?? condition["field"];
  const operator = condition["operator"] ?? condition["op"];
  if (typeof column === "string" && (operator !== undefined || condition["value"] !== undefined)) {
    return testCell(row, column, asText(operator ?? "=="), condition["value"] ?? null);
  }
  return Object.entries(condition).every(([key, expected]) => {
    if (key === "all" || key === "and")
      return conditionsOf(key, expected).every((part) => isMatch(row, part));
    if (key === "any" || key === "or")
      return conditionsOf(key, expected).some((part) => isMatch(row, part));
    if (key === "not" && isJsonObject(expected)) return !isMatch(row, expected);
    if (!isJsonObject(expected)) return testCell(row, key, "==", expected);
    return Object.entries(expected).every(([name, value]) => testCell(row, key, name, value));
  });
}

/** Orders two cells: empty first, numbers by size, everything else by text. */
export function compareValues(a: Json, b: Json): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  const [numberA, numberB] = [asNumber(a), asNumber(b)];
  if (numberA !== null && numberB !== null) return numberA - numberB;
  const [textA, textB] = [asText(a), asText(b)];
  return textA < textB ? -1 : textA > textB ? 1 : 0;
}

/** A cell as a number, or null where it is none. */
export function asNumber(value: Json | undefined): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || value.trim() === "") return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

function testCell(row: JsonObject, column: string, operator: string, expected: Json): boolean {
  const test = Object.hasOwn(TESTS, operator) ? TESTS[operator] : undefined;
  if (test === undefined) {
    throw new DomainError(
      "invalid_request",
      `There is no comparison "${operator}" (for column "${column}").`,
      { hint: `Use one of ${Object.keys(TESTS).join(" ")}.` },
    );
  }
  return test(readPath(row, column) ?? null, expected);
}

function conditionsOf(key: string, value: Json): JsonObject[] {
  if (Array.isArray(value) && value.every(isJsonObject)) return value;
  throw new DomainError("invalid_request", `"${key}" in a condition takes a list of conditions.`);
}

function isScalar(value: Json): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
