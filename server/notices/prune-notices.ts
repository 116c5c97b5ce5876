import type { Database } from "../database/client.ts";
import {
  deleteSettledDeliveries,
  deleteToldNotices,
  giveUpDeliveries,
} from "../database/old-notices.ts";

/** How many days notices are kept once they were delivered, and once they were given up. */
export type NoticeRetention = { deliveredDays: number; deadDays: number };

/** A little longer than all attempts of one delivery take. */
const MAX_AGE_MS = 24 * 3_600_000;
/** Rows that one statement holds at a time. */
const BATCH_ROWS = 500;

/**
 * Gives up what waits for receivers that rest, and removes what is old, a few hundred rows at a time. Any process may do it,
 * several at once. What waits for another reason, because no process was there say, is left to be tried.
 */
export async function pruneNotices(
  database: Pick<Database, "pool">,
  { deliveredDays, deadDays }: NoticeRetention,
  resting: Parameters<typeof giveUpDeliveries>[1],
  signal: AbortSignal,
): Promise<void> {
  const limit = BATCH_ROWS;
  const turns = [
    () => giveUpDeliveries(database, resting, { maxAgeMs: MAX_AGE_MS, limit }),
    () => deleteSettledDeliveries(database, { status: "delivered", days: deliveredDays, limit }),
    () => deleteSettledDeliveries(database, { status: "dead", days: deadDays, limit }),
    () => deleteToldNotices(database, { days: deliveredDays, limit }),
  ];
  for (const turn of turns) {
    let count = limit;
    while (count === limit && !signal.aborted) count = await turn();
  }
}
