import type { Database } from "../database/client.ts";
import type { RunStatus } from "../../core/run.ts";
import { listHeads } from "../database/run-heads.ts";

/** How often the heads of runs that other processes own are looked up for those who follow them. */
const LOOK_UP_INTERVAL_MS = 250;

type Subscriber = { tenantId: string; onHead: (headSequence: number, status: RunStatus) => void };

/** Tells followers of a run that its durable history has grown, whichever process wrote it. */
export class HeadBoard {
  readonly #pool: Database["pool"];
  readonly #isOwnedHere: (runId: string) => boolean;
  readonly #subscribers = new Map<string, Set<Subscriber>>();
  readonly #knownHeads = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;
  #isLookingUp = false;

  constructor(pool: Database["pool"], isOwnedHere: (runId: string) => boolean) {
    this.#pool = pool;
    this.#isOwnedHere = isOwnedHere;
  }

  subscribe(
    tenantId: string,
    runId: string,
    onHead: (headSequence: number, status: RunStatus) => void,
  ): () => void {
    const subscriber = { tenantId, onHead };
    const others = this.#subscribers.get(runId) ?? new Set();
    this.#subscribers.set(runId, others.add(subscriber));
    this.#timer ??= setInterval(() => this.#lookUpOnce(), LOOK_UP_INTERVAL_MS);
    return () => {
      others.delete(subscriber);
      if (others.size > 0) return;
      this.#subscribers.delete(runId);
      this.#knownHeads.delete(runId);
      if (this.#subscribers.size === 0) this.close();
    };
  }

  /** A segment of this process became durable. */
  post(runId: string, headSequence: number, status: RunStatus): void {
    const subscribers = this.#subscribers.get(runId);
    if (subscribers === undefined || (this.#knownHeads.get(runId) ?? 0) >= headSequence) return;
    this.#knownHeads.set(runId, headSequence);
    for (const subscriber of subscribers) subscriber.onHead(headSequence, status);
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** While the database is slow, one look-up waits, and no others behind it. */
  #lookUpOnce(): void {
    if (this.#isLookingUp) return;
    this.#isLookingUp = true;
    void this.#lookUp().finally(() => {
      this.#isLookingUp = false;
    });
  }

  async #lookUp(): Promise<void> {
    const foreign = [...this.#subscribers].filter(([runId]) => !this.#isOwnedHere(runId));
    if (foreign.length === 0) return;
    const runs = foreign.flatMap(([runId, [first]]) =>
      first === undefined ? [] : [{ tenantId: first.tenantId, runId }],
    );
    try {
      for (const { runId, headSequence, status } of await listHeads(this.#pool, runs)) {
        this.post(runId, headSequence, status);
      }
    } catch {
      // The database is away: followers hear of the growth once it is back.
    }
  }
}
