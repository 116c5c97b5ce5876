import { hash } from "node:crypto";

/** sha256 over a snapshot's stored text: what loading checks before it trusts one. */
export function hashSnapshot(body: string): string {
  return `sha256:${hash("sha256", body)}`;
}
