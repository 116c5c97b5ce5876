import { DomainError } from "../../core/errors.ts";
import { evolve } from "../../core/evolve.ts";
import { storedText } from "../../core/run-events.ts";
import type { Plan } from "../../core/run-plan.ts";
import { emptyRunState, parseSnapshot, restoreState, type RunState } from "../../core/run-state.ts";
import type { StoredRun } from "../database/run-loader.ts";
import { damagedHistory } from "./runtime-errors.ts";
import { chainHash, hashSnapshot } from "./state-hash.ts";

/** A run rebuilt from what is stored, and the texts that its next checkpoint's hash covers. */
export type RestoredRun = { state: RunState; unhashed: string[] };

/**
 * Rebuilds a run: the latest snapshot, checked against its hash, plus the events after it, each checkpoint checked
 * against the chain. Throws `invalid_configuration` naming the sequence where history does not fit its hashes.
 */
export function restoreRun(
  plan: Plan,
  identity: { tenantId: string; runId: string },
  stored: Pick<StoredRun, "traceId" | "snapshot" | "events" | "headSequence" | "headHash"> & {
    /** The events' stored texts, where they are at hand. */
    texts?: readonly string[];
  },
): RestoredRun {
  const start = fromSnapshot(plan, stored) ?? {
    state: emptyRunState(plan, { ...identity, traceId: stored.traceId }),
    unhashed: [],
  };
  const { state } = start;
  let { unhashed } = start;
  for (const [index, event] of stored.events.entries()) {
    if (event.sequence !== state.sequence + 1)
      throw damagedHistory(identity.runId, event.sequence, "an event is missing before it");
    if (event.type === "checkpoint.saved") {
      if (event.payload.state_hash !== chainHash(state.checkpoint.hash, unhashed))
        throw damagedHistory(identity.runId, event.sequence, "its hash does not fit");
      unhashed = [];
    } else {
      unhashed.push(stored.texts?.[index] ?? storedText(event));
    }
    evolve(plan, state, event);
  }
  if (state.sequence !== stored.headSequence || state.checkpoint.hash !== stored.headHash)
    throw damagedHistory(identity.runId, stored.headSequence, "its last events are missing");
  return { state, unhashed };
}

function fromSnapshot(plan: Plan, { snapshot }: Pick<StoredRun, "snapshot">): RestoredRun | null {
  if (snapshot === null) return null;
  if (hashSnapshot(snapshot.body) !== snapshot.stateHash) {
    throw new DomainError(
      "invalid_configuration",
      `The snapshot at event ${snapshot.sequence} does not fit its hash.`,
      {
        hint: "Delete the snapshot: the state is rebuilt from the events.",
      },
    );
  }
  const parsed = parseSnapshot(snapshot.body);
  return { state: restoreState(plan, parsed), unhashed: parsed.unhashed };
}
