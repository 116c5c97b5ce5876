import { expect, test } from "vitest";
import type { CheckpointView } from "../../core/run-view.ts";
import { checkpointMarks, nearestCheckpoint } from "./checkpoint-marks.ts";

const SPAN = { start: 0, end: 1_000 };
const at = (milliseconds: number, sequence: number): CheckpointView => ({
  checkpoint_id: `chk_0_${sequence}`,
  run_id: "run_0",
  sequence,
  parent_checkpoint_id: null,
  kind: "step_completed",
  step_path: "a",
  state_hash: "",
  created_at: new Date(milliseconds).toISOString(),
  pinned: false,
});

test("checkpoints that one could not tell apart are one mark, pinned where one of them is", () => {
  const checkpoints = [at(0, 1), at(500, 2), at(500, 3), at(501, 4), at(1_000, 5)];
  expect(checkpointMarks(checkpoints, new Set(["chk_0_3"]), SPAN)).toEqual([
    { at: 0, isPinned: false },
    { at: 0.5, isPinned: true },
    { at: 1, isPinned: false },
  ]);
});

test("however many checkpoints there are, the marks stay few", () => {
  const many = Array.from({ length: 20_000 }, (_, index) => at(index / 20, index));
  expect(checkpointMarks(many, new Set(), SPAN).length).toBeLessThanOrEqual(401);
});

test("the nearest checkpoint is found, of several at one moment the last", () => {
  const checkpoints = [at(100, 1), at(400, 2), at(400, 3), at(900, 4)];
  const nearest = (share: number) => nearestCheckpoint(checkpoints, share, SPAN)?.sequence;
  expect([nearest(0), nearest(0.3), nearest(0.64), nearest(0.66), nearest(1)]).toEqual([
    1, 3, 3, 4, 4,
  ]);
  expect(nearestCheckpoint([], 0.5, SPAN)).toBeNull();
});
