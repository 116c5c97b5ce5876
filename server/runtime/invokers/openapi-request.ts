import type { Json, JsonObject } from "../../../core/json.ts";
import type { ServiceRequest } from "./http-service.ts";
import { type Invocation, InvocationError } from "./invoker.ts";

const METHODS_WITHOUT_BODY = new Set(["GET", "HEAD", "DELETE", "OPTIONS"]);

/**
 * The HTTP request of an `openapi` binding: `{param}` in the operation is taken from the payload; what is left of
 * the payload is the query of a method without a body, else the JSON body.
 */
export function toOpenApiRequest({ binding, payload }: Invocation): ServiceRequest {
  const method = binding.metadata.method ?? "POST";
  const { path, rest } = fillPath(binding.operation, payload);
  const isJson = (binding.metadata.response_mode ?? "json") === "json";
  const accept = isJson ? "application/json" : "*/*";
  if (METHODS_WITHOUT_BODY.has(method)) return { method, path, query: toQuery(rest), accept };
  return { method, path, body: JSON.stringify(rest), accept };
}

function fillPath(operation: string, payload: JsonObject): { path: string; rest: JsonObject } {
  const rest = { ...payload };
  const segments = operation.split("/").map((segment) => {
    let isFilled = false;
    const filled = segment.replace(/\{([^{}]+)\}/g, (_, name: string) => {
      isFilled = true;
      delete rest[name];
      return encodeURIComponent(
        textOf(Object.hasOwn(payload, name) ? payload[name] : undefined, name),
      );
    });
    // A value of ".." would otherwise lead the call to another operation of the service.
    if (isFilled && (filled === "" || filled === "." || filled === ".."))
      throw unusableParameter(segment, "is empty or dots only");
    return filled;
  });
  return { path: segments.join("/"), rest };
}

function textOf(value: Json | undefined, name: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw unusableParameter(
    `{${name}}`,
    value === undefined || value === null ? "is missing" : "is neither text nor a number",
  );
}

function unusableParameter(place: string, problem: string): InvocationError {
  return new InvocationError(
    "invalid_request",
    `The path parameter ${place} ${problem} in the mapped request.`,
    {
      hint: "Map an input to it in the binding's request.",
      possiblySent: false,
      isServiceFault: false,
    },
  );
}

/** Lists repeat their key, objects travel as JSON, nulls stay away. */
function toQuery(payload: JsonObject): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(payload)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== null)
        query.append(name, typeof item === "object" ? JSON.stringify(item) : String(item));
    }
  }
  return query.toString();
}
