import {
  claimDueRuns,
  claimRun,
  listOwnedRuns,
  releaseRun,
  type ClaimedRun,
} from "../database/run-leases.ts";
import type { ActiveRuns } from "./active-runs.ts";
import type { RunActor } from "./run-actor.ts";
import type { RuntimeDependencies } from "./runtime-dependencies.ts";

/** Runs taken over at once; more would make the first of them wait for the last. */
const CLAIM_BATCH = 100;

/** Takes runs that have no owner, and lets go of those that the database counts as ours although nobody here drives them. */
export class RunClaims {
  readonly #deps: Pick<RuntimeDependencies, "pool" | "reached" | "logger">;
  readonly #workerId: string;
  readonly #runs: ActiveRuns;
  readonly #take: (run: ClaimedRun) => Promise<void>;
  readonly #loading = new Set<string>();
  #strays = new Set<string>();
  #isClaiming = false;

  constructor(
    deps: Pick<RuntimeDependencies, "pool" | "reached" | "logger">,
    workerId: string,
    runs: ActiveRuns,
    take: (run: ClaimedRun) => Promise<void>,
  ) {
    this.#deps = deps;
    this.#workerId = workerId;
    this.#runs = runs;
    this.#take = take;
  }

  /** Takes runs that are due, as many as there is room for. */
  async claimDue(): Promise<void> {
    if (this.#isClaiming) return;
    this.#isClaiming = true;
    try {
      for (;;) {
        const room = Math.min(this.#runs.room(), CLAIM_BATCH);
        if (room <= 0) return;
        const claimed = await claimDueRuns(this.#deps.pool, this.#workerId, room);
        if (claimed.length > 0) this.#deps.reached?.("after_claim");
        for (const run of claimed) this.#loading.add(keyOf(run));
        for (const run of claimed) await this.#load(run);
        if (claimed.length < room) return;
      }
    } finally {
      this.#isClaiming = false;
    }
  }

  /** Takes one run for which a command waits, room or not: who cancels a queued run does not wait for a place. */
  async claimFor(run: { tenantId: string; runId: string }): Promise<void> {
    const claimed = await claimRun(this.#deps.pool, this.#workerId, run);
    if (claimed === null) return;
    this.#loading.add(keyOf(claimed));
    await this.#load(claimed);
  }

  /**
   * An answer that got lost (of a claim, a release, a parking, a flush) may leave a run that is ours by the database
   * and driven by nobody, or a copy here of a run that is not ours any more. What was so at two looks in a row is let
   * go, for whoever is next.
   */
  async reconcile(): Promise<void> {
    const owned = new Map(
      (await listOwnedRuns(this.#deps.pool, this.#workerId)).map((run) => [keyOf(run), run]),
    );
    const copies = new Map(this.#runs.values().map((actor) => [copyKeyOf(actor), actor]));
    const strays = [...owned.keys()].filter((key) => !copies.has(key) && !this.#loading.has(key));
    const shadows = [...copies.keys()].filter(
      (key) => !owned.has(key) && copies.get(key)?.idleSince !== null,
    );
    const before = this.#strays;
    this.#strays = new Set([...strays, ...shadows]);
    for (const key of this.#strays) {
      if (!before.has(key)) continue;
      const [stray, shadow] = [owned.get(key), copies.get(key)];
      this.#deps.logger.warn(
        { run: key },
        "Memory and database disagree on who drives a run; it is let go",
      );
      if (stray !== undefined) await releaseRun(this.#deps.pool, stray, 0);
      else if (shadow !== undefined)
        this.#runs.forget(shadow.runId, shadow.history.leaseEpoch)?.drop();
    }
  }

  async #load(run: ClaimedRun): Promise<void> {
    try {
      await this.#take(run);
    } finally {
      this.#loading.delete(keyOf(run));
    }
  }
}

function copyKeyOf({ runId, history }: RunActor): string {
  return `${runId}@${history.leaseEpoch}`;
}

function keyOf(run: ClaimedRun): string {
  return `${run.runId}@${run.leaseEpoch}`;
}
