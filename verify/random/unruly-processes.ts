import { setTimeout as sleep } from "node:timers/promises";
import type { ServerPlace } from "../../server/testing/server-place.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** How often each process was killed so far. Disposed of, it kills nobody any more, and all of them run. */
export type UnrulyProcesses = AsyncDisposable & {
  kills: Record<string, number>;
  /** Rejects where a process does not come up again, with what all of them said last. */
  failed: Promise<never>;
};

/** How long a process lives, in hundredths of what its start took: so that it does something, however slow starts are. */
const [SHORTEST_LIFE, LONGEST_LIFE] = [20, 400];
const FIRST_START_MS = 1_000;

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
    let startMs = FIRST_START_MS;
    const lives = () => {
      const lifeMs = (startMs * random.integer(SHORTEST_LIFE, LONGEST_LIFE)) / 100;
      return sleep(lifeMs, true, { signal: over.signal }).catch(() => false);
    };
    while (await lives()) {
      await place.end("SIGKILL");
      kills[name] = (kills[name] ?? 0) + 1;
      startMs = await place.start();
    }
  }

  const killing = Promise.all(
    Object.entries(places).map(([name, place], index) =>
      killAgainAndAgain(name, place, randomOf(index)),
    ),
  );
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => undefined);
  killing.catch((thrown: unknown) => {
    const outputs = Object.entries(places).map(([name, place]) => lastWordsOf(name, place));
    reject(
      new Error(`A killed process does not start again.\n${outputs.join("\n")}`, { cause: thrown }),
    );
  });
  return {
    kills,
    failed,
    async [Symbol.asyncDispose]() {
      over.abort();
      await killing;
    },
  };
}

function lastWordsOf(name: string, place: ServerPlace): string {
  return `── ${name}\n${place.output().slice(-1_500)}`;
}
