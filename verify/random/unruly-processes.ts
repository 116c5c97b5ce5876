import { setTimeout as sleep } from "node:timers/promises";
import type { ServerPlace } from "../../server/testing/server-place.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** How often each process was killed so far. Disposed of, it kills nobody any more, and all of them run. */
export type UnrulyProcesses = AsyncDisposable & { kills: Record<string, number> };

/** From the moment that all run again to the next kill: so that work is done in between, however slow starts are. */
const [LEAST_MS, MOST_MS] = [200, 1_500];
const ALL_AT_ONCE_PERCENT = 15;

/** Kills the processes with SIGKILL at random moments, one or sometimes all at once, and starts them again. */
export function killAtRandom(
  places: Record<string, ServerPlace>,
  random: SeededRandom,
): UnrulyProcesses {
  const names = Object.keys(places);
  const kills = Object.fromEntries(names.map((name) => [name, 0]));
  const over = new AbortController();

  async function restart(name: string): Promise<void> {
    await places[name]?.end("SIGKILL");
    kills[name] = (kills[name] ?? 0) + 1;
    await places[name]?.start();
  }

  async function kill(): Promise<void> {
    while (!over.signal.aborted) {
      await sleep(random.integer(LEAST_MS, MOST_MS), null, { signal: over.signal }).catch(() => {});
      if (over.signal.aborted) return;
      const victims = random.percent(ALL_AT_ONCE_PERCENT) ? names : [random.pick(names)];
      await Promise.all(victims.map(restart));
    }
  }

  const killing = kill();
  return {
    kills,
    async [Symbol.asyncDispose]() {
      over.abort();
      await killing;
    },
  };
}
