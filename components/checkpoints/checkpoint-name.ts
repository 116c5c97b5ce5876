import type { CheckpointKind } from "../../core/run-events.ts";
import type { CheckpointView } from "../../core/run-view.ts";

/** What had just happened at each kind of checkpoint; a new kind does not compile until it has words. */
const NAMES: Record<CheckpointKind, (step: string) => string> = {
  run_started: () => "When the run started",
  step_started: (step) => `When ${step} started`,
  step_completed: (step) => `After ${step}`,
  retry_scheduled: (step) => `Before ${step} is tried again`,
  waiting_for_human: () => "Waiting for a person",
  waiting_for_signal: () => "Waiting for a signal",
  paused: () => "When the run was paused",
  run_resumed: () => "When the run was resumed",
  run_finished: () => "At the end of the run",
};

/** A checkpoint in words: which moment of the run it is. */
export function checkpointName({ kind, step_path: step }: CheckpointView): string {
  return NAMES[kind](step === null ? "a step" : step.replace("#", " #"));
}
