import { termsOfEffect } from "../../core/effect-terms.ts";
import { effectIdOf } from "../../core/ids.ts";
import type { Database } from "../database/client.ts";
import { readEffectRequests } from "../database/effect-requests.ts";
import {
  movePosition,
  readPosition,
  withProjectionLock,
  type ProjectionClient,
  type ProjectionView,
} from "../database/effect-search-position.ts";
import {
  readAllEffects,
  readChangedEffects,
  summarizeWritten,
  writeSearchRows,
  type ChangedEffect,
} from "../database/effect-search-rows.ts";

/** How often the search table is brought up to date. */
export const PROJECTION_INTERVAL_MS = 500;

/** Ledger rows that are carried over together. */
const BATCH_ROWS = 500;

/** While nothing happens, the time up to which the search is complete is written down no more often than this. */
const IDLE_MARK_MS = 10_000;

/**
 * Carries what changed in the ledger since the stored position over into the search table. Of several processes one
 * does it at a time; the others answer at once. A row that a transaction wrote but did not commit yet is seen by a later
 * turn, since the position never passes the oldest transaction that is under way. `secrets` give no terms.
 */
export async function projectEffects(
  { pool }: Pick<Database, "pool">,
  secrets: readonly string[],
): Promise<void> {
  await withProjectionLock(pool, async (client) => {
    const view = await readPosition(client);
    // A dump that was restored into another cluster: transactions are counted anew there.
    const isWhole = view.position === 0n || view.position > view.next;
    const rows = isWhole
      ? await carryAll(client, secrets)
      : await carryChanged(client, view, secrets);
    const idleMs = view.now.getTime() - view.caught_up_at.getTime();
    if (isWhole || rows > 0 || idleMs >= IDLE_MARK_MS)
      await movePosition(client, view.oldest, view.now);
  });
}

async function carryAll(client: ProjectionClient, secrets: readonly string[]): Promise<number> {
  await summarizeWritten(client);
  return carryBatches(client, secrets, (after) =>
    readAllEffects(client, { after, limit: BATCH_ROWS }),
  );
}

async function carryChanged(
  client: ProjectionClient,
  { position, next }: ProjectionView,
  secrets: readonly string[],
): Promise<number> {
  const rows = await carryBatches(client, secrets, (after) =>
    readChangedEffects(client, {
      fromXid: position,
      untilXid: next,
      after,
      limit: BATCH_ROWS,
    }),
  );
  if (rows >= BATCH_ROWS) await summarizeWritten(client);
  return rows;
}

async function carryBatches(
  client: ProjectionClient,
  secrets: readonly string[],
  read: (after: ChangedEffect | null) => Promise<ChangedEffect[]>,
): Promise<number> {
  let count = 0;
  let after: ChangedEffect | null = null;
  for (;;) {
    const batch = await read(after);
    await carryOver(client, batch, secrets);
    count += batch.length;
    after = batch.at(-1) ?? null;
    if (batch.length < BATCH_ROWS) return count;
  }
}

async function carryOver(
  client: ProjectionClient,
  batch: readonly ChangedEffect[],
  secrets: readonly string[],
): Promise<void> {
  const requests = await readEffectRequests(
    client,
    batch.filter(({ knownTerms }) => knownTerms === null),
  );
  const rows = batch.map((effect) => {
    const told = requests.get(effectIdOf(effect.runId, effect.sequence));
    const facts = { ...effect, serviceId: told?.serviceId ?? null };
    return { effect, terms: termsOfEffect(facts, told?.request ?? null, secrets) };
  });
  await writeSearchRows(client, rows);
}
