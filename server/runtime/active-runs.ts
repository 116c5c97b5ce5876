import { PARK_AFTER_IDLE_MS, PARK_MIN_SLEEP_MS } from "./durations.ts";
import type { RunActor } from "./run-actor.ts";

/** The runs that this process drives, one copy of each, and how many more it has room for. */
export class ActiveRuns {
  readonly #actors = new Map<string, RunActor>();
  readonly #capacity: number;
  readonly #resized: (size: number) => void;
  #arriving = 0;

  constructor(capacity: number, resized: (size: number) => void) {
    this.#capacity = capacity;
    this.#resized = resized;
  }

  get size(): number {
    return this.#actors.size;
  }

  get(runId: string): RunActor | undefined {
    return this.#actors.get(runId);
  }

  has(runId: string): boolean {
    return this.#actors.has(runId);
  }

  values(): RunActor[] {
    return [...this.#actors.values()];
  }

  /** Places left. A run that only waits for nested runs takes none: they could never get one otherwise. */
  room(): number {
    const free = this.#capacity - this.#actors.size - this.#arriving;
    if (free > 0) return free;
    return free + this.values().filter((actor) => actor.waitsForChildren).length;
  }

  /** Keeps a place for a run that is on its way here, until `arrived`; false where there is none. */
  takeRoom(): boolean {
    if (this.room() <= 0) return false;
    this.#arriving += 1;
    return true;
  }

  arrived(): void {
    this.#arriving -= 1;
  }

  /** A copy of an older lease, if there is one, is worthless from now on. */
  keep(actor: RunActor): void {
    this.#actors.get(actor.runId)?.drop();
    this.#actors.set(actor.runId, actor);
    this.#resized(this.#actors.size);
  }

  /** Forgets the copy of this lease; a newer one may have taken its place, and stays. */
  forget(runId: string, leaseEpoch: number): RunActor | null {
    const actor = this.#actors.get(runId);
    if (actor?.history.leaseEpoch !== leaseEpoch) return null;
    this.#actors.delete(runId);
    this.#resized(this.#actors.size);
    return actor;
  }

  /** The runs that have had nothing to do for a while, and will not for a while. */
  idle(now: number): RunActor[] {
    return this.values().filter(({ idleSince, wakeAt }) => {
      const isIdle = idleSince !== null && now - idleSince >= PARK_AFTER_IDLE_MS;
      return isIdle && (wakeAt === null || wakeAt - now >= PARK_MIN_SLEEP_MS);
    });
  }

  dropAll(): void {
    for (const actor of this.#actors.values()) actor.drop();
    this.#actors.clear();
    this.#resized(0);
  }
}
