import { addContentJson } from "./content-json.ts";
import { DomainError } from "./errors.ts";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import { explainMissingPath, readPath } from "./json-path.ts";
import { setOwn } from "./own-property.ts";
import { compileTemplateText } from "./template-text.ts";

/** A binding's `request`, compiled (`origins/orca.md` §3.1). */
export type RequestTemplate = {
  /**
   * The payload for one input. A missing value leaves out its key, at any depth; in a list it is null.
   * Values are shared with the input, not copied.
   */
  render(input: JsonObject): JsonObject;
};

/** A binding's `response`, compiled (`origins/orca.md` §3.1). */
export type ResponseMapping = {
  /** The outputs of one response. DomainError `upstream_failure` for a path that the response does not have. */
  apply(response: Json): JsonObject;
};

/** Deeper than any binding file, shallow enough for every stack. */
const MAX_DEPTH = 200;

type Renderer = (input: JsonObject) => Json | undefined;

/** Compiles a request template. DomainError `invalid_configuration` when it nests deeper than 200 levels. */
export function compileRequestTemplate(request: JsonObject): RequestTemplate {
  return { render: compileMap(request, 1) };
}

/** Compiles a response mapping; what does not start with `response.` is a literal. */
export function compileResponseMapping(response: Record<string, string>): ResponseMapping {
  const entries = Object.entries(response).map(([output, text]) => ({
    output,
    text,
    path: text.startsWith("response.") ? text.split(".").slice(1) : null,
  }));
  const needsContentJson = entries.some(({ path }) => path?.includes("content_json"));
  return {
    apply(response) {
      const body = needsContentJson ? addContentJson(response) : response;
      const outputs: JsonObject = {};
      for (const { output, text, path } of entries) {
        setOwn(outputs, output, path === null ? text : readResponse(body, path, output));
      }
      return outputs;
    },
  };
}

function compileMap(map: JsonObject, depth: number): (input: JsonObject) => JsonObject {
  const entries = Object.entries(map).map(([key, value]) => ({
    key,
    render: compileValue(value, depth + 1),
  }));
  return (input) => {
    const rendered: JsonObject = {};
    for (const { key, render } of entries) {
      const value = render(input);
      if (value !== undefined) setOwn(rendered, key, value);
    }
    return rendered;
  };
}

function compileValue(value: Json, depth: number): Renderer {
  if (typeof value === "string") return compileTemplateText(value);
  if (typeof value !== "object" || value === null) return () => value;
  if (depth > MAX_DEPTH) {
    throw new DomainError(
      "invalid_configuration",
      `The request template is nested deeper than ${MAX_DEPTH} levels.`,
      { hint: "Flatten the request." },
    );
  }
  if (!Array.isArray(value)) return compileMap(value, depth);
  const items = value.map((item) => compileValue(item, depth + 1));
  return (input) => items.map((render) => render(input) ?? null);
}

function readResponse(body: Json, path: readonly string[], output: string): Json {
  const value = readPath(body, path);
  if (value !== undefined) return value;
  const standIn = readLenient(body, path);
  if (standIn !== undefined) return standIn;
  const source = `response.${path.join(".")}`;
  const missing = explainMissingPath("response", body, path);
  throw new DomainError(
    "upstream_failure",
    `Output "${output}" is mapped from ${source}, which is missing: ${missing.place} ${missing.contents}.`,
    {
      hint: "Correct the binding's response mapping, or the service behind it.",
      details: { output, path: source, available: missing.available },
    },
  );
}

/** Two last segments may be missing: `output` is then the map around it, `warnings` an empty list. */
function readLenient(body: Json, path: readonly string[]): Json | undefined {
  const last = path.at(-1);
  if (last !== "output" && last !== "warnings") return undefined;
  const around = readPath(body, path.slice(0, -1));
  if (!isJsonObject(around)) return undefined;
  return last === "output" ? around : [];
}
