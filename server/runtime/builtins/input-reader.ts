import { DomainError } from "../../../core/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../core/json.ts";

/** The longest text a native function works on, in UTF-16 units. */
export const MAX_TEXT_LENGTH = 4_000_000;
/** The longest list a native function works on. */
export const MAX_LIST_LENGTH = 200_000;

/**
 * Reads the fields of a native function's input. A missing or null field gives the fallback, or where there
 * is none an `invalid_request` that names the field; a field of another type is always `invalid_request`.
 */
export class InputReader {
  readonly input: JsonObject;

  constructor(input: JsonObject) {
    this.input = input;
  }

  has(field: string): boolean {
    return this.input[field] !== undefined && this.input[field] !== null;
  }

  json(field: string): Json {
    return this.input[field] ?? null;
  }

  text(field: string, fallback?: string): string {
    const value = this.#read(field, fallback, "a text", (json) => typeof json === "string");
    if (typeof value !== "string") throw wrongType(field, "a text");
    if (value.length > MAX_TEXT_LENGTH)
      throw tooLarge(field, `${value.length} characters`, `${MAX_TEXT_LENGTH}`);
    return value;
  }

  number(field: string, fallback?: number): number {
    const value = this.#read(field, fallback, "a number", (json) => typeof json === "number");
    if (typeof value !== "number" || !Number.isFinite(value)) throw wrongType(field, "a number");
    return value;
  }

  /** A whole number kept inside `[low, high]`. */
  whole(field: string, fallback: number, low: number, high: number): number {
    return Math.min(high, Math.max(low, Math.round(this.number(field, fallback))));
  }

  flag(field: string, fallback: boolean): boolean {
    const value = this.#read(field, fallback, "true or false", (json) => typeof json === "boolean");
    return value === true;
  }

  list(field: string, fallback?: Json[]): Json[] {
    const value = this.#read(field, fallback, "a list", Array.isArray);
    if (!Array.isArray(value)) throw wrongType(field, "a list");
    if (value.length > MAX_LIST_LENGTH)
      throw tooLarge(field, `${value.length} items`, `${MAX_LIST_LENGTH}`);
    return value;
  }

  object(field: string, fallback?: JsonObject): JsonObject {
    const value = this.#read(field, fallback, "an object", isJsonObject);
    if (!isJsonObject(value)) throw wrongType(field, "an object");
    return value;
  }

  /** A list whose every item is an object; the message names the first that is not. */
  records(field: string, fallback?: JsonObject[]): JsonObject[] {
    return this.list(field, fallback).map((item, index) => {
      if (!isJsonObject(item)) throw wrongType(`${field}[${index}]`, "an object");
      return item;
    });
  }

  texts(field: string, fallback?: string[]): string[] {
    return this.list(field, fallback).map((item, index) => {
      if (typeof item !== "string") throw wrongType(`${field}[${index}]`, "a text");
      return item;
    });
  }

  #read(
    field: string,
    fallback: Json | undefined,
    expected: string,
    accepts: (value: Json) => boolean,
  ): Json {
    const value = this.input[field];
    if (value === undefined || value === null) {
      if (fallback !== undefined) return fallback;
      throw new DomainError(
        "invalid_request",
        `Input "${field}" is missing; it takes ${expected}.`,
        {
          details: { field },
        },
      );
    }
    if (!accepts(value)) throw wrongType(field, expected);
    return value;
  }
}

function wrongType(field: string, expected: string): DomainError {
  return new DomainError("invalid_request", `Input "${field}" takes ${expected}.`, {
    details: { field },
  });
}

function tooLarge(field: string, size: string, limit: string): DomainError {
  return new DomainError(
    "payload_too_large",
    `Input "${field}" has ${size}; at most ${limit} are worked on.`,
    {
      hint: "Split the input into smaller parts, for example with doc.content.chunk.",
      details: { field },
    },
  );
}
