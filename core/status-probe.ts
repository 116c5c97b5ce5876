import { z } from "zod";
import { JsonObjectSchema } from "./field.ts";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import { readPath } from "./json-path.ts";

const Values = z.array(z.union([z.string(), z.number(), z.boolean()]));

/**
 * How a binding finds out what became of a call that got no good answer (`contract.md` §7): an operation of the same
 * service that changes nothing.
 */
export const StatusProbeSchema = z.looseObject({
  operation: z.string().min(1),
  /** Of `openapi` services; GET where it is left out. */
  method: z.enum(["GET", "POST", "HEAD"]).optional(),
  /** Bounds one question; 10 where it is left out. */
  timeout_seconds: z.number().positive().max(60).optional(),
  /** As a binding's request; `effect.idempotency_key` is the key that the call was sent with. */
  request: JsonObjectSchema.default({}),
  /** Where the answer says it: `response.<path>`. */
  status: z.string().regex(/^response\./, "expected response.<path>"),
  /** Values there that mean that the call took effect, and that it certainly did not and will not. */
  happened: Values.min(1),
  not_happened: Values.default([]),
  /** What it means that the provider answers with HTTP 404. */
  not_found: z.enum(["not_happened", "unknown"]).default("unknown"),
  /** As a binding's response, over the probe's answer; the binding's own where it is left out. */
  response: z.record(z.string(), z.string()).optional(),
});
export type StatusProbe = z.infer<typeof StatusProbeSchema>;

/** The reference under which a probe's request takes the call's key. */
export const PROBED_KEY = "effect.idempotency_key";

/** A probe's request template with the key of the call in its place. */
export function fillProbeRequest(request: JsonObject, key: string): JsonObject {
  return Object.fromEntries(
    Object.entries(request).map(([name, value]) => [name, fill(value, key)]),
  );
}

function fill(value: Json, key: string): Json {
  if (typeof value === "string")
    return value === PROBED_KEY ? key : value.replaceAll(`\${${PROBED_KEY}}`, () => key);
  if (Array.isArray(value)) return value.map((item) => fill(item, key));
  return isJsonObject(value) ? fillProbeRequest(value, key) : value;
}

/** What a probe's answer says of the call; a value that the binding does not name is unknown. */
export function readProbeStatus(
  probe: Pick<StatusProbe, "status" | "happened" | "not_happened">,
  response: Json,
): { kind: "happened" } | { kind: "not_happened" } | { kind: "unknown"; reason: string } {
  const value = readPath(response, probe.status.split(".").slice(1));
  if (probe.happened.some((known) => known === value)) return { kind: "happened" };
  if (probe.not_happened.some((known) => known === value)) return { kind: "not_happened" };
  const told = value === undefined ? "nothing" : JSON.stringify(value).slice(0, 100);
  return { kind: "unknown", reason: `${probe.status} is ${told}` };
}
