import { createHash } from "node:crypto";

/**
 * A tenant's term as the search table holds it: 64 bits of its hash, in decimal. Short whatever the value's length, and
 * no one reads a request out of an index.
 */
export function hashEffectTerm(tenantId: string, term: string): string {
  const digest = createHash("sha256").update(`${tenantId}\n${term}`).digest();
  return digest.readBigInt64BE(0).toString();
}
