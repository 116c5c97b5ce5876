import type { JsonObject } from "./json.ts";

/** How a replay or fork differs from its source beyond inputs, version and environment, as its history records it. */
export type ReplayChanges = {
  /** What has become of steps of the source: another id here, or null where their results are not taken. */
  step_map?: Record<string, string | null>;
  /** Under which path the ledger knows the calls of a step, where that is not its own id. */
  ledger_paths?: Record<string, string>;
  /** Variables that have these values once the source's results are left. */
  vars?: JsonObject;
  /** Up to which event the results of the steps are taken that are to be reused although they lie after the point. */
  known_through?: number;
  /** The effects of the lineage that were undone when it was planned; what is undone later it asks about. */
  undone_effects?: string[];
};

/** The replay or fork that a run is, or is nested in. */
export type SurroundingReplay = { run_id: string; undone_effects?: string[] };

/** The replay or fork that a run is or is nested in; null for others. */
export function replayAround({
  runId,
  parent,
  replay,
}: {
  runId: string;
  parent: { replay?: SurroundingReplay } | null;
  replay: { changes?: ReplayChanges } | null;
}): SurroundingReplay | null {
  if (replay === null) return parent?.replay ?? null;
  const { undone_effects: undone } = replay.changes ?? {};
  return { run_id: runId, ...(undone === undefined ? {} : { undone_effects: undone }) };
}

/** Under which path the ledger knows the calls of a step: its own, unless it was mapped from another step. */
export function ledgerPathOf(
  {
    parent,
    replay,
  }: {
    parent: { step_path: string; ledger_path?: string } | null;
    replay: { changes?: ReplayChanges } | null;
  },
  stepId: string,
): string {
  if (parent !== null) return `${parent.ledger_path ?? parent.step_path}/${stepId}`;
  const paths = replay?.changes?.ledger_paths ?? {};
  return Object.hasOwn(paths, stepId) ? (paths[stepId] ?? stepId) : stepId;
}
