import { setTimeout as sleep } from "node:timers/promises";
import type { ServerPlace } from "../../server/testing/server-place.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** Processes that somebody kills: by name, how often each was. */
export type UnrulyProcesses = {
  kills: Record<string, number>;
  /** Kills nobody any more; resolves once all of them run. */
  settle: () => Promise<void>;
};

/** Between two kills: longer than a start takes on a quiet machine, so that work is done in between. */
const [LEAST_MS, MOST_MS] = [400, 2_000];

/** Kills the processes with SIGKILL at random moments, one or sometimes all at once, and starts them again. */
export function killAtRandom(
  places: Record<string, ServerPlace>,
  random: SeededRandom,
): UnrulyProcesses {
  const kills = Object.fromEntries(Object.keys(places).map((name) => [name, 0]));
  const starting = new Map<string, Promise<unknown>>();
  let isOver = false;

  async function restart(name: string): Promise<void> {
    const place = places[name];
    if (place === undefined) return;
    await starting.get(name);
    await place.end("SIGKILL");
    kills[name] = (kills[name] ?? 0) + 1;
    starting.set(name, place.start());
  }

  async function kill(): Promise<void> {
    while (!isOver) {
      await sleep(random.integer(LEAST_MS, MOST_MS));
      const names = random.percent(15) ? Object.keys(places) : [random.pick(Object.keys(places))];
      if (!isOver) await Promise.all(names.map(restart));
    }
    await Promise.all(starting.values());
  }

  const killing = kill();
  return {
    kills,
    settle: async () => {
      isOver = true;
      await killing;
    },
  };
}
