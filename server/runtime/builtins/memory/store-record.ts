import { DomainError } from "../../../../core/errors.ts";
import { JsonObjectSchema } from "../../../../core/field.ts";
import type { Json, JsonObject } from "../../../../core/json.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { recordIdOf } from "../record-id.ts";

const MAX_BYTES = 1_000_000;

/** Stores `value` under `key` of `namespace` (`default`), replacing what was there; `ttl_seconds` makes it invisible later. */
export const storeValue: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const key = given.text("key");
  await putEntry(
    context,
    given.text("namespace", "default"),
    key,
    given.json("value"),
    given.has("ttl_seconds") ? given.number("ttl_seconds") : null,
  );
  return { stored: true, key, status: "ok", rationale: `Stored under ${key}.` };
};

/** The value under `key` of `namespace`: `found` is false and `value` null where there is none, or it has expired. */
export const retrieveValue: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const entry = await context.records.get(
    collectionOf(given.text("namespace", "default")),
    given.text("key"),
  );
  const isLive = entry !== null && !isExpired(entry, context);
  return {
    found: isLive,
    value: isLive ? (entry["value"] ?? null) : null,
    status: "ok",
    rationale: isLive ? "Found." : "There is no such entry.",
  };
};

/** Stores a record of `namespace` under its own `id`, else under a new one. The same call under one ledger key stores once. */
export const storeRecord: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const record = given.object("record");
  const id =
    typeof record["id"] === "string" && record["id"] !== ""
      ? record["id"]
      : recordIdOf(context, "rec");
  await putEntry(
    context,
    given.text("namespace"),
    id,
    record,
    given.has("ttl_seconds") ? given.number("ttl_seconds") : null,
  );
  return { stored: true, record_id: id, status: "ok", rationale: `Stored as ${id}.` };
};

/** The collection of a namespace in the record store. */
export function collectionOf(namespace: string): string {
  return `memory.${namespace}`;
}

/** True where an entry's time to live is over. */
export function isExpired(entry: JsonObject, context: BuiltinContext): boolean {
  const until = entry["expires_at"];
  return typeof until === "string" && Date.parse(until) <= context.now().getTime();
}

async function putEntry(
  context: BuiltinContext,
  namespace: string,
  key: string,
  value: Json,
  ttlSeconds: number | null,
): Promise<void> {
  const size = Buffer.byteLength(JSON.stringify(value));
  if (size > MAX_BYTES)
    throw new DomainError(
      "payload_too_large",
      `The value under "${key}" has ${size} bytes; at most ${MAX_BYTES} are stored.`,
    );
  const expires =
    ttlSeconds === null
      ? {}
      : { expires_at: new Date(context.now().getTime() + ttlSeconds * 1_000).toISOString() };
  await context.records.put(
    collectionOf(namespace),
    key,
    JsonObjectSchema.parse({ value, stored_at: context.now().toISOString(), ...expires }),
  );
}
