import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { DomainError } from "../core/errors.ts";

/** Keeps texts in the database that only this installation may read. */
export type Seal = { close(text: string): string; open(sealed: string): string };

const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals with AES-256-GCM under ORCA_ENCRYPTION_KEY (64 hex digits). A text of another key is `invalid_configuration`. */
export function createSeal(encryptionKey: string): Seal {
  const key = Buffer.from(encryptionKey, "hex");
  return {
    close(text) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce);
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64");
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, "base64");
      const end = NONCE_BYTES + TAG_BYTES;
      try {
        const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES));
        decipher.setAuthTag(bytes.subarray(NONCE_BYTES, end));
        return decipher.update(bytes.subarray(end), undefined, "utf8") + decipher.final("utf8");
      } catch (error) {
        throw new DomainError("invalid_configuration", "A stored secret cannot be read.", {
          hint: "Start every process with the ORCA_ENCRYPTION_KEY that it was stored under.",
          cause: error,
        });
      }
    },
  };
}
