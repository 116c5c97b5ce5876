import type { Field } from "../../core/field.ts";
import { isJsonObject, jsonEquals, type Json, type JsonObject } from "../../core/json.ts";
import { MASK } from "../../core/redaction.ts";
import { jsonText } from "../json-viewer/json-text.ts";
import { findJsonProblem } from "./find-json-problem.ts";

/** How an input is edited. */
export type EditorKind = "text" | "number" | "boolean" | "choice" | "json";

/** What a text in the form stands for: a value, nothing, or why it cannot be read. */
export type ReadInput =
  { kind: "value"; value: Json } | { kind: "absent" } | { kind: "problem"; message: string };

/** The editor for an input, by what its contract says of it. */
export function editorOf(field: Field): EditorKind {
  if (choicesOf(field).length > 0) return "choice";
  const type = field.schema?.["type"] ?? field.type;
  if (type === "string") return "text";
  if (type === "number" || type === "integer") return "number";
  return type === "boolean" ? "boolean" : "json";
}

/** The values that an input is limited to, by `enum` or a `oneOf` of constants; none where it is open. */
export function choicesOf({ schema }: Pick<Field, "schema">): Json[] {
  const choices = schema?.["enum"];
  return Array.isArray(choices)
    ? choices
    : constantsOf(schema).map((each) => each["const"] ?? null);
}

/** What a choice is called: the title that its schema gives it, or its value. */
export function choiceLabel({ schema }: Pick<Field, "schema">, choice: Json): string {
  const titled = constantsOf(schema).find((each) => jsonEquals(each["const"] ?? null, choice));
  const title = titled?.["title"];
  return typeof title === "string" ? title : jsonText(choice);
}

function constantsOf(schema: JsonObject | undefined): JsonObject[] {
  const parts = schema?.["oneOf"];
  const constants = Array.isArray(parts) ? parts.filter(isJsonObject) : [];
  return constants.every((each) => Object.hasOwn(each, "const")) ? constants : [];
}

/** A value as the text of its editor. */
export function toInputText(field: Field, value: Json | undefined): string {
  if (value === undefined) return "";
  return editorOf(field) === "json" ? JSON.stringify(value, null, 2) : jsonText(value);
}

/** Reads the text of an editor. An empty one is absent, and a problem where the input is required without a default. */
export function readInput(field: Field, text: string): ReadInput {
  if (text.trim() === "") {
    return field.required && field.default === undefined
      ? { kind: "problem", message: "This input is required." }
      : { kind: "absent" };
  }
  // A secret that is not shown stays what it is, whatever its type.
  if (text === MASK) return { kind: "value", value: MASK };
  switch (editorOf(field)) {
    case "text":
      return { kind: "value", value: text };
    case "number":
      return readNumber(field, text);
    case "boolean":
      return { kind: "value", value: text === "true" };
    case "choice": {
      const chosen = choicesOf(field).find((choice) => jsonText(choice) === text);
      return chosen === undefined
        ? { kind: "problem", message: "Choose one of the values." }
        : { kind: "value", value: chosen };
    }
    case "json":
      return readJson(field, text);
  }
}

function readNumber(field: Field, text: string): ReadInput {
  const value = Number(text);
  if (!Number.isFinite(value)) return { kind: "problem", message: `“${text}” is not a number.` };
  if (field.type === "integer" && !Number.isInteger(value))
    return { kind: "problem", message: "A whole number is needed." };
  return { kind: "value", value };
}

function readJson(field: Field, text: string): ReadInput {
  const problem = findJsonProblem(text);
  if (problem !== null)
    return {
      kind: "problem",
      message: `Line ${problem.line}, column ${problem.column}: ${problem.message}.`,
    };
  const value: Json = JSON.parse(text);
  if (field.type === "array" && !Array.isArray(value))
    return { kind: "problem", message: "A list is needed: [ … ]." };
  if (
    field.type === "object" &&
    (typeof value !== "object" || value === null || Array.isArray(value))
  ) {
    return { kind: "problem", message: "An object is needed: { … }." };
  }
  return { kind: "value", value };
}
