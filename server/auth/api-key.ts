import { createHash, randomBytes } from "node:crypto";

/** `orca_<prefix>_<secret>`: people tell keys apart by the prefix; the secret has 256 bits. */
export type NewApiKey = { key: string; prefix: string; hash: string };

/** Makes a key. Only its hash may be kept. */
export function generateApiKey(): NewApiKey {
  const prefix = randomBytes(4).toString("hex");
  const key = `orca_${prefix}_${randomBytes(32).toString("base64url")}`;
  return { key, prefix: `orca_${prefix}`, hash: hashApiKey(key) };
}

/** What a key is looked up by. One round of sha256 is enough for a secret of 256 random bits. */
export function hashApiKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
