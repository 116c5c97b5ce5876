import { DomainError } from "../core/errors.ts";
import type { SeedResult } from "./seed.ts";

const LABEL_WIDTH = 11;

/** Lines of `label  value`, aligned, for people at a terminal. */
export function formatFacts(facts: [label: string, value: string][]): string {
  return facts.map(([label, value]) => `  ${label.padEnd(LABEL_WIDTH)}${value}`).join("\n");
}

/** What the first start says about signing in; empty where the environment gave everything. */
export function formatCredentials(seeded: SeedResult): string {
  const facts: [string, string][] = [["E-mail", seeded.email]];
  if (seeded.password !== null) facts.push(["Password", seeded.password]);
  if (seeded.apiKey !== null) facts.push(["API key", seeded.apiKey]);
  const hasSecrets = facts.length > 1;
  return `${hasSecrets ? "Sign in with these. They are shown this once." : "The first administrator was made."}\n\n${formatFacts(facts)}\n`;
}

/** What a start that failed says: the reason and what to do, without a stack where the reason is known. */
export function formatStartError(thrown: unknown): string {
  if (thrown instanceof DomainError)
    return `${thrown.message}${thrown.hint === undefined ? "" : `\n${thrown.hint}`}`;
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
