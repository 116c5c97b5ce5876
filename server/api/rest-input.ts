import { z } from "zod";
import { DomainError } from "../../core/errors.ts";
import { isJsonObject } from "../../core/json.ts";
import type { RestRoute } from "./rest-routes.ts";

/**
 * An operation's input as REST carries it: path, then query, then body. Query values take the type that the input's
 * schema asks for: numbers, booleans, lists (repeated or with commas), and maps as `name.<key>=`. What does not
 * fit is left as it is, so that the schema's own message tells of it.
 */
export function toOperationInput(
  route: RestRoute,
  parameters: Record<string, string>,
  query: URLSearchParams,
  body: unknown,
): Record<string, unknown> {
  const shape = route.input?.shape ?? {};
  const fromQuery = readQuery(shape, query);
  if (route.meta.method === "GET") return { ...fromQuery, ...parameters };
  if (!isJsonObject(body)) {
    throw new DomainError("invalid_request", "The request body must be a JSON object.", {
      hint: "The OpenAPI document at /api/v1/openapi.json states its fields.",
    });
  }
  return { ...body, ...fromQuery, ...parameters };
}

function readQuery(shape: z.core.$ZodShape, query: URLSearchParams): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  const maps: Record<string, Record<string, string>> = {};
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name);
    const [map = "", ...rest] = name.split(".");
    const key = rest.join(".");
    const type = typeOf(shape[key === "" ? name : map]);
    if (key !== "" && type === "object") (maps[map] ??= {})[key] = values.at(-1) ?? "";
    else input[name] = coerce(type, values);
  }
  return { ...input, ...maps };
}

function coerce(type: string | null, values: string[]): unknown {
  const last = values.at(-1) ?? "";
  if (type === "array")
    return values.flatMap((value) => value.split(",")).filter((value) => value !== "");
  if (type === "number" && last.trim() !== "" && Number.isFinite(Number(last))) return Number(last);
  if (type === "boolean" && (last === "true" || last === "1")) return true;
  if (type === "boolean" && (last === "false" || last === "0")) return false;
  return last;
}

function typeOf(schema: z.core.$ZodType | undefined): string | null {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return typeOf(schema.def.innerType);
  }
  if (schema instanceof z.ZodNumber) return "number";
  if (schema instanceof z.ZodBoolean) return "boolean";
  if (schema instanceof z.ZodArray) return "array";
  return schema instanceof z.ZodRecord ? "object" : null;
}
