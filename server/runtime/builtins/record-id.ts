import { createHash } from "node:crypto";
import type { BuiltinContext } from "./builtin.ts";

/** An id for a new record: the same for every call under one ledger key, so that a repeated call finds its own record. */
export function recordIdOf(context: BuiltinContext, prefix: string): string {
  const seed = context.idempotencyKey ?? context.randomId();
  return `${prefix}-${createHash("sha256").update(seed).digest("hex").slice(0, 12)}`;
}
