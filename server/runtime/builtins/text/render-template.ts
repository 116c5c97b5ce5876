import { DomainError } from "../../../../core/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";

const TAG = /\{\{\s{0,8}([\w.-]{1,200})\s{0,8}\}\}/g;

/** Fills every `{{name}}` or `{{path.to.0}}`; names that lead nowhere stay as they are and are listed once each. */
export function fillTemplate(
  template: string,
  variables: JsonObject,
): { text: string; missing: string[] } {
  const missing = new Set<string>();
  const text = template.replace(TAG, (tag, name: string) => {
    const value = lookUp(variables, name);
    if (value === undefined) missing.add(name);
    return value === undefined ? tag : asText(value);
  });
  return { text, missing: [...missing] };
}

/** Fills `template` from `variables`; a name without a value is an error that lists all such names. */
export const renderTemplate: Builtin = (input) => {
  const given = new InputReader(input);
  const { text, missing } = fillTemplate(given.text("template"), given.object("variables", {}));
  if (missing.length > 0) {
    throw new DomainError(
      "invalid_request",
      `The template names ${missing.join(", ")}, which "variables" does not hold.`,
      {
        hint: "Give a value (an empty text is one) or take the name out of the template.",
        details: { missing },
      },
    );
  }
  return { text, status: "ok", rationale: "Every name in the template had a value." };
};

/** Fills a prompt template; names without a value are left in place, listed in `unresolved`, and make it `partial`. */
export const renderPrompt: Builtin = (input) => {
  const given = new InputReader(input);
  const { text, missing } = fillTemplate(given.text("template"), given.object("variables", {}));
  return { prompt: text, unresolved: missing, status: missing.length === 0 ? "ok" : "partial" };
};

function lookUp(variables: JsonObject, name: string): Json | undefined {
  if (Object.hasOwn(variables, name)) return variables[name];
  let current: Json | undefined = variables;
  for (const segment of name.split(".")) {
    if (Array.isArray(current))
      current = /^\d{1,9}$/.test(segment) ? current[Number(segment)] : undefined;
    else
      current =
        isJsonObject(current) && Object.hasOwn(current, segment) ? current[segment] : undefined;
  }
  return current;
}
