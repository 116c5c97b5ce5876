import { hash } from "node:crypto";

/** sha256 over a snapshot's stored text: what loading checks before it trusts one. */
export function hashSnapshot(body: string): string {
  return `sha256:${hash("sha256", body)}`;
}

/** A checkpoint's hash: that of the checkpoint before it and the texts of the events since (docs/decisions/0002). */
export function chainHash(before: string, texts: readonly string[]): string {
  return `sha256:${hash("sha256", before + texts.join("\n"))}`;
}
