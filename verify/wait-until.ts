import { setTimeout as sleep } from "node:timers/promises";

/** Far more than anything here takes, also on a machine that others keep busy. */
const LIMIT_MS = 150_000;
/** Less and less often: those who wait must not keep a starting server busy. */
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [20, 300];

/**
 * Asks until there is an answer other than null or false, and answers with it. What the question throws counts as no
 * answer: servers are away in between. Throws, naming what was waited for and the last refusal, after two minutes and a half.
 */
export async function waitUntil<Value>(
  what: string,
  ask: () => Promise<Value | null | false> | Value | null | false,
): Promise<Value> {
  const deadline = performance.now() + LIMIT_MS;
  let last = "";
  let pauseMs = FIRST_PAUSE_MS;
  while (performance.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== null && answer !== false) return answer;
      last = "";
    } catch (thrown) {
      last = thrown instanceof Error ? ` (${thrown.message})` : "";
    }
    await sleep(pauseMs);
    pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS);
  }
  throw new Error(`waited ${LIMIT_MS / 1000} s in vain until ${what}${last}`);
}
