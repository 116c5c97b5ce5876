import { setTimeout as sleep } from "node:timers/promises";
import { DomainError } from "../../core/errors.ts";

const PAUSES_MS = [20, 50, 100, 250, 500, 1_000];

/**
 * Does work that needs the database until it answers: while it is away runs stall and go on, they do not fail
 * (`contract.md` §6). A DomainError is an answer, and so is an error that `isPassing` knows nothing of. Gives up, with
 * the last error, once `isOver` says so.
 */
export async function insist<Result>(
  work: () => Promise<Result>,
  isOver: () => boolean,
  isPassing: (error: unknown) => boolean = () => true,
): Promise<Result> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const isAnswer =
        error instanceof DomainError ? error.code !== "unavailable" : !isPassing(error);
      if (isAnswer || isOver()) throw error;
      await sleep(PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)]);
    }
  }
}
