import type { Manner } from "../faults/unreliable-provider.ts";
import { createSeededRandom } from "./seeded-random.ts";

/** Of a hundred tickets so many are treated so; the others are served at once. */
const KEYED: readonly [Manner, number][] = [
  ["slow", 14],
  ["refuse_first", 4],
  ["busy_first", 6],
  ["lose_answer_first", 6],
  ["fail_after_first", 4],
  ["stall_first", 2],
];
/** Rarer where the provider knows no keys: every loss there ends a run in doubt. */
const PLAIN: readonly [Manner, number][] = [
  ["slow", 14],
  ["refuse_first", 4],
  ["lose_answer_first", 0.7],
  ["fail_after_first", 0.5],
  ["stall_first", 0.3],
];

/** How the provider treats a ticket: the same for the same seed and title, whenever it is asked. */
export function mannerByChance(seed: number, title: string, honoursKeys: boolean): Manner {
  let point = createSeededRandom(hashOf(title) ^ seed).next() * 100;
  for (const [manner, share] of honoursKeys ? KEYED : PLAIN) {
    point -= share;
    if (point < 0) return manner;
  }
  return "serve";
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
