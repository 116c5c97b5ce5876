import type { Database } from "../database/client.ts";
import { streamRunEvents } from "../database/event-reader.ts";
import { listHeads } from "../database/run-heads.ts";
import { storedText, type RunEvent } from "../../core/run-events.ts";
import { GENESIS_HASH } from "../../core/run-state.ts";
import { damagedHistory } from "./runtime-errors.ts";
import { chainHash } from "./state-hash.ts";

/**
 * All durable events of a run in order, each once the checkpoint after it bears it out; none where the tenant has
 * no such run. Throws `invalid_configuration` where the history does not fit its hashes or has a gap.
 */
export async function* verifiedRunEvents(
  pool: Database["pool"],
  run: { tenantId: string; runId: string },
): AsyncGenerator<RunEvent> {
  const [head] = await listHeads(pool, [run]);
  if (head === undefined) return;
  let sequence = 0;
  let hash: string = GENESIS_HASH;
  let covered: RunEvent[] = [];
  for await (const event of streamRunEvents(pool, run)) {
    if (event.sequence !== sequence + 1)
      throw damagedHistory(run.runId, event.sequence, "an event is missing before it");
    sequence = event.sequence;
    if (event.type !== "checkpoint.saved") {
      covered.push(event);
      continue;
    }
    hash = chainHash(hash, covered.map(storedText));
    if (event.payload.state_hash !== hash)
      throw damagedHistory(run.runId, sequence, "its hash does not fit");
    yield* covered;
    yield event;
    covered = [];
  }
  if (sequence < head.headSequence)
    throw damagedHistory(run.runId, head.headSequence, "its last events are missing");
  yield* covered;
}
