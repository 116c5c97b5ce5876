import { DATA_CLASSIFICATIONS, TRUST_LEVELS } from "./capability.ts";

export type TrustLevel = (typeof TRUST_LEVELS)[number];
export type DataClassification = (typeof DATA_CLASSIFICATIONS)[number];

/** What a run is trusted with where nobody says otherwise. */
export const DEFAULT_TRUST: TrustLevel = "standard";

/** True where a run of one trust level may call what requires another. Unknown words permit nothing. */
export function permitsTrust(given: string, required: string): boolean {
  return permits(TRUST_LEVELS, given, required);
}

/** True where data of a classification may be handled under a ceiling. Unknown words permit nothing. */
export function permitsClassification(ceiling: string, classification: string): boolean {
  return permits(DATA_CLASSIFICATIONS, ceiling, classification);
}

/** The lowest of several trust levels; an unknown word counts as `sandbox`. */
export function lowestTrust(first: string, ...rest: string[]): TrustLevel {
  return lowest(TRUST_LEVELS, [first, ...rest]);
}

/** The lowest of several ceilings; an unknown word counts as `public`. */
export function lowestClassification(first: string, ...rest: string[]): DataClassification {
  return lowest(DATA_CLASSIFICATIONS, [first, ...rest]);
}

function permits(order: readonly string[], given: string, required: string): boolean {
  const needed = order.indexOf(required);
  return needed !== -1 && order.indexOf(given) >= needed;
}

function lowest<Word extends string>(order: readonly [Word, ...Word[]], words: string[]): Word {
  const ranks = words.map((word) => order.findIndex((known) => known === word));
  return order[Math.max(0, Math.min(...ranks))] ?? order[0];
}
