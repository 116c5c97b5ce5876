import type { ApprovalDetail } from "../../core/approval-view.ts";
import { FIELD_TYPES, type Field, type Fields } from "../../core/field.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";

/** The editors for a payload: what the form's schema says of each value, or else what kind of value it is now. */
export function formFields({
  kind,
  payload,
  form_schema: schema,
}: Pick<ApprovalDetail, "kind" | "payload" | "form_schema">): Fields {
  const properties = isJsonObject(schema?.["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema?.["required"]) ? schema["required"] : [];
  // What such a question is about is not to be edited, only what its form names.
  const others = kind === "replay" ? [] : Object.keys(payload);
  const names = new Set([...Object.keys(properties), ...others]);
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      fieldOf(properties[name], payload[name], required.includes(name)),
    ]),
  );
}

function fieldOf(schema: Json | undefined, value: Json | undefined, isRequired: boolean): Field {
  const own = isJsonObject(schema) ? schema : null;
  const { description, title } = own ?? {};
  const text = typeof description === "string" ? description : title;
  const type = FIELD_TYPES.find((known) => known === (own?.["type"] ?? typeNameOf(value)));
  return {
    required: isRequired,
    ...(type === undefined ? {} : { type }),
    ...(own === null ? {} : { schema: own }),
    ...(typeof text === "string" ? { description: text } : {}),
  };
}

function typeNameOf(value: Json | undefined): string {
  return Array.isArray(value) ? "array" : typeof value;
}

/**
 * The payload with what the form holds. An emptied editor takes its value away, except that a text stays a text and
 * null stays null.
 */
export function withFormValues(
  payload: JsonObject,
  fields: Fields,
  values: JsonObject,
): JsonObject {
  const untouched = Object.entries(payload).filter(([name]) => !Object.hasOwn(fields, name));
  const edited: JsonObject = Object.fromEntries(untouched);
  for (const name of Object.keys(fields)) {
    const before = payload[name];
    const now = values[name];
    if (now !== undefined) edited[name] = now;
    else if (typeof before === "string") edited[name] = "";
    else if (before === null) edited[name] = null;
  }
  return edited;
}
