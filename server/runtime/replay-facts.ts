import type { Undone } from "../../core/recorded-results.ts";
import type { ReplayChanges } from "../../core/replay-changes.ts";
import { replayStateOf } from "../../core/replay-state.ts";
import type { EventPayloads, RunOptions } from "../../core/run-events.ts";
import type { RunState } from "../../core/run-state.ts";
import { trustedAs } from "./run-policy.ts";
import type { ReplayRunRequest } from "./runtime.ts";

type Facts = Pick<
  EventPayloads["run.created"],
  "source_run_id" | "source_checkpoint_id" | "replay" | "overrides"
>;

/** What `run.created` says of a replay or fork, and what the run's state makes of it. */
export function replayFacts(
  request: Pick<
    ReplayRunRequest,
    "sourceRunId" | "through" | "checkpointId" | "isHeld" | "changes" | "overrides" | "pushedBack"
  >,
): { payload: Facts; state: Pick<RunState, "replay" | "overrides"> } {
  const { sourceRunId, through, checkpointId, isHeld, changes, overrides = {} } = request;
  const { pushedBack } = request;
  const hasOverrides = Object.keys(overrides).length > 0;
  const replay = { through, ...(isHeld ? { is_held: true as const } : {}), ...changes };
  const chosen = hasOverrides ? { overrides: { ...overrides } } : {};
  return {
    payload: {
      source_run_id: sourceRunId,
      ...(checkpointId === null ? {} : { source_checkpoint_id: checkpointId }),
      replay: { ...replay, ...(pushedBack === undefined ? {} : { pushed_back: pushedBack }) },
      ...chosen,
    },
    state: { replay: replayStateOf(replay), ...chosen },
  };
}

/** The options of a replay or fork: its source's, trusted as `trust` says, with other bindings. */
export function replayOptions(
  source: RunOptions,
  { trust, bindings = {} }: Pick<ReplayRunRequest, "trust" | "bindings">,
): RunOptions {
  const options = trust === null ? source : trustedAs(source, trust);
  return Object.keys(bindings).length === 0 ? options : { ...options, bindings: { ...bindings } };
}

/** What a replay or fork does otherwise than its source, with the effects that were undone by the time it is made. */
export function withUndone(
  changes: ReplayChanges | undefined,
  { effectIds }: Pick<Undone, "effectIds">,
): ReplayChanges {
  if (effectIds.size === 0) return changes ?? {};
  return { ...changes, undone_effects: [...effectIds].toSorted() };
}
