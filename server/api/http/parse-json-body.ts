import { DomainError } from "../../../core/errors.ts";
import { findJsonError } from "../../../core/json-error.ts";

const MAX_DEPTH = 200;

/** The value of a JSON body; an empty body is an empty object. `invalid_request` names the place of an error. */
export function parseJsonBody(body: Buffer): unknown {
  if (body.byteLength === 0) return {};
  const value = parse(body);
  checkShape(value);
  return value;
}

/** Walks level by level: a body made to exhaust the stack must not. */
function checkShape(value: unknown): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw tooDeep();
    const objects = level.filter((item) => typeof item === "object" && item !== null);
    // No honest body has this key, and code further on might take it for the object's prototype.
    if (objects.some((item) => Object.hasOwn(item, "__proto__"))) throw unsafeKey();
    level = objects.flatMap((item) => Object.values(item));
  }
}

function tooDeep(): DomainError {
  return new DomainError(
    "invalid_request",
    `The request body is nested more than ${MAX_DEPTH} levels deep.`,
    {
      hint: "Flatten the value, or send it as a JSON text in one string.",
      details: { max_depth: MAX_DEPTH },
    },
  );
}

function unsafeKey(): DomainError {
  return new DomainError("invalid_request", "The request body has a key __proto__.", {
    hint: "Leave it out.",
  });
}

function parse(body: Buffer): unknown {
  const text = decode(body);
  try {
    return JSON.parse(text);
  } catch {
    const place = findJsonError(text) ?? { position: 0, line: 1, column: 1 };
    throw new DomainError(
      "invalid_request",
      `The request body is not JSON: line ${place.line}, column ${place.column}.`,
      {
        hint: "Send one JSON value with Content-Type: application/json.",
        details: place,
      },
    );
  }
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new DomainError("invalid_request", "The request body is not UTF-8 text.", {
      hint: "Send JSON encoded in UTF-8.",
    });
  }
}
