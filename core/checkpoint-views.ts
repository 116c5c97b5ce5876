import { checkpointIdOf } from "./ids.ts";
import type { CheckpointKind, EventEnvelope } from "./run-events.ts";
import type { CheckpointView } from "./run-view.ts";

const KINDS: Readonly<Record<CheckpointKind, true>> = {
  run_started: true,
  step_started: true,
  step_completed: true,
  retry_scheduled: true,
  waiting_for_human: true,
  waiting_for_signal: true,
  paused: true,
  run_resumed: true,
  run_finished: true,
};

/** The checkpoint that a `checkpoint.saved` event tells of; null for every other event and for kinds not known here. */
export function toCheckpointView(envelope: EventEnvelope): CheckpointView | null {
  if (envelope.event_type !== "checkpoint.saved") return null;
  const {
    kind,
    step_path: stepPath,
    parent_sequence: parent,
    state_hash: stateHash,
  } = envelope.payload;
  if (!isCheckpointKind(kind) || typeof stateHash !== "string") return null;
  return {
    checkpoint_id: checkpointIdOf(envelope.run_id, envelope.sequence),
    run_id: envelope.run_id,
    sequence: envelope.sequence,
    parent_checkpoint_id:
      typeof parent === "number" ? checkpointIdOf(envelope.run_id, parent) : null,
    kind,
    step_path: typeof stepPath === "string" ? stepPath : null,
    state_hash: stateHash,
    created_at: envelope.occurred_at,
    pinned: false,
  };
}

function isCheckpointKind(value: unknown): value is CheckpointKind {
  return typeof value === "string" && Object.hasOwn(KINDS, value);
}
