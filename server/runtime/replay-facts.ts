import { replayStateOf } from "../../core/replay-state.ts";
import type { EventPayloads, RunOptions } from "../../core/run-events.ts";
import type { RunState } from "../../core/run-state.ts";
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

/** A run's options with other bindings than its source had. */
export function withBindings(
  options: RunOptions,
  bindings: ReplayRunRequest["bindings"],
): RunOptions {
  const isNone = bindings === undefined || Object.keys(bindings).length === 0;
  return isNone ? options : { ...options, bindings: { ...bindings } };
}
