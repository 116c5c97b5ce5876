"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { toCheckpointView } from "../../core/checkpoint-views.ts";
import type { EventEnvelope } from "../../core/run-events.ts";
import type { CheckpointView } from "../../core/run-view.ts";
import { useTRPC } from "../api/trpc.ts";

/** More pins than this are not drawn. */
const MOST_PINS = 500;

/** A run's checkpoints as far as its events are known, and the one that is chosen. */
export type CheckpointChoice = {
  checkpoints: readonly CheckpointView[];
  /** The ids of those that are pinned. */
  pinned: ReadonlySet<string>;
  /** What stands in the URL; null where none is chosen. */
  id: string | null;
  /** The position of the chosen one, -1 where there is none or its event has not been read yet. */
  index: number;
  select: (checkpoint: CheckpointView | null) => void;
  /** To the checkpoint so many places on; from none to the first or the last one. */
  move: (by: number) => void;
};

/** The checkpoints of the run whose events these are. `onChoose` puts a choice into the URL. */
export function useCheckpointChoice(
  runId: string,
  events: readonly EventEnvelope[],
  id: string | null,
  onChoose: (checkpoint: CheckpointView | null, how: "push" | "replace") => void,
): CheckpointChoice {
  const trpc = useTRPC();
  const checkpoints = useMemo(
    () => events.map(toCheckpointView).filter((view) => view !== null),
    [events],
  );
  const pins = useQuery(
    trpc.checkpoints.list.queryOptions({ run_id: runId, pinned: true, limit: MOST_PINS }),
  );
  const pinned = useMemo(
    () => new Set(pins.data?.items.map((checkpoint) => checkpoint.checkpoint_id)),
    [pins.data],
  );
  const index = checkpoints.findIndex((checkpoint) => checkpoint.checkpoint_id === id);
  const move = (by: number) => {
    const from = index >= 0 ? index : by > 0 ? -1 : checkpoints.length;
    const next = checkpoints[Math.min(checkpoints.length - 1, Math.max(0, from + by))];
    // Going along them is one step for Back, not one for each that was passed.
    if (next !== undefined) onChoose(next, index >= 0 ? "replace" : "push");
  };
  return { checkpoints, pinned, id, index, select: (next) => onChoose(next, "push"), move };
}
