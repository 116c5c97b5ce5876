import { existsSync } from "node:fs";
import type { Field, Fields } from "../../core/field.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import { usageError } from "../cli-error.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { toRecord } from "./assignments.ts";
import { parseJsonObject, parseJsonText } from "./json-text.ts";
import { readNamedText } from "./text-source.ts";

export type GivenInputs = {
  /** `@file`, `@-` or a JSON text. */
  input?: string;
  /** `name=value` each; they win over `input`. */
  set?: readonly string[];
};

/**
 * The inputs of a run from the command line. A value of --set is read as the skill's contract asks: text stays text
 * as it stands, everything else is JSON; `@file` is the content of a file, `@@` an @. `findFields` is asked only then.
 */
export async function readRunInputs(
  given: GivenInputs,
  terminal: Pick<Terminal, "readStdin">,
  findFields: () => Promise<Fields>,
): Promise<JsonObject> {
  const inputs = given.input === undefined ? {} : await readInput(given.input, terminal);
  const assigned = Object.entries(toRecord(given.set ?? [], "--set"));
  if (assigned.length === 0) return inputs;
  const fields = await findFields();
  for (const [name, value] of assigned)
    inputs[name] = await readValue(name, value, fields[name], terminal);
  return inputs;
}

async function readInput(
  input: string,
  terminal: Pick<Terminal, "readStdin">,
): Promise<JsonObject> {
  if (input.startsWith("@")) {
    const { text, source } = await readNamedText(input, terminal);
    return parseJsonObject(text, source);
  }
  if (!/^\s*[{["]/.test(input) && existsSync(input)) {
    throw usageError(`--input ${input} is not JSON.`, {
      hint: `Write --input @${input} to read the file.`,
    });
  }
  return parseJsonObject(input, "--input");
}

async function readValue(
  name: string,
  value: string,
  field: Field | undefined,
  terminal: Pick<Terminal, "readStdin">,
): Promise<Json> {
  const isReference = value.startsWith("@") && !value.startsWith("@@");
  const { text, source } = isReference
    ? await readNamedText(value, terminal)
    : { text: value.replace(/^@@/, "@"), source: `--set ${name}` };
  const type = field?.type ?? typeOfSchema(field?.schema);
  if (type === "string") return text;
  if (parsesAsJson(text)) return parseJsonText(text, source);
  if (type === null) return text;
  if (isReference) return parseJsonText(text, source);
  throw usageError(
    `${source}: ${JSON.stringify(text)} is not JSON; the skill takes a value of type ${type}.`,
  );
}

function typeOfSchema(schema: JsonObject | undefined): string | null {
  return typeof schema?.type === "string" ? schema.type : null;
}

function parsesAsJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
