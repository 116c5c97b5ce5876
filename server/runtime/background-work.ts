import { toErrorRecord } from "../../core/errors.ts";
import type { RuntimeLogger } from "./runtime-dependencies.ts";

/** Work that nobody waits for: repeated at intervals, its failures told and survived (the database may be away). */
export class BackgroundWork {
  readonly #logger: RuntimeLogger;
  readonly #intervals: NodeJS.Timeout[] = [];
  #isStopped = false;

  constructor(logger: RuntimeLogger) {
    this.#logger = logger;
  }

  /** Does it now; a failure is logged. */
  async run(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!this.#isStopped) this.#logger.warn({ err: error }, toErrorRecord(error).message);
    }
  }

  /** Does it every so often, never twice at once. */
  every(intervalMs: number, action: () => Promise<void>): void {
    let isBusy = false;
    const turn = () => {
      if (isBusy || this.#isStopped) return;
      isBusy = true;
      void this.run(action()).finally(() => {
        isBusy = false;
      });
    };
    this.#intervals.push(setInterval(turn, intervalMs));
  }

  stop(): void {
    this.#isStopped = true;
    for (const interval of this.#intervals) clearInterval(interval);
  }
}
