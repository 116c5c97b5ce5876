import { setTimeout as sleep } from "node:timers/promises";
import type { ServerPlace } from "../../server/testing/server-place.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** How often each process was killed so far. Disposed of, it kills nobody any more, and all of them run. */
export type UnrulyProcesses = AsyncDisposable & { kills: Record<string, number> };

/** From the moment that a process runs to its next end: so that it does something, however slow starts are. */
const [LEAST_MS, MOST_MS] = [200, 3_000];

/** Kills each process with SIGKILL at random moments, whatever the others do, and starts it again. */
export function killAtRandom(
  places: Record<string, ServerPlace>,
  randomOf: (index: number) => SeededRandom,
): UnrulyProcesses {
  const kills = Object.fromEntries(Object.keys(places).map((name) => [name, 0]));
  const over = new AbortController();

  async function killAgainAndAgain(
    name: string,
    place: ServerPlace,
    random: SeededRandom,
  ): Promise<void> {
    const lives = () =>
      sleep(random.integer(LEAST_MS, MOST_MS), true, { signal: over.signal }).catch(() => false);
    while (await lives()) {
      await place.end("SIGKILL");
      kills[name] = (kills[name] ?? 0) + 1;
      await place.start();
    }
  }

  const killing = Promise.all(
    Object.entries(places).map(([name, place], index) =>
      killAgainAndAgain(name, place, randomOf(index)),
    ),
  );
  // Reported when it is waited for.
  killing.catch(() => undefined);
  return {
    kills,
    async [Symbol.asyncDispose]() {
      over.abort();
      await killing;
    },
  };
}
