import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { CheckpointView } from "../../core/run-view.ts";
import { CheckpointLane } from "./checkpoint-lane.tsx";

afterEach(cleanup);

const CHECKPOINTS = ["a", "b#1", null].map((step, index): CheckpointView => ({
  checkpoint_id: `chk_0_${index}`,
  run_id: "run_0",
  sequence: index + 1,
  parent_checkpoint_id: null,
  kind: step === null ? "run_finished" : "step_completed",
  step_path: step,
  state_hash: "",
  created_at: new Date(index * 100).toISOString(),
  pinned: false,
}));

function show(index: number) {
  const move = vi.fn<(by: number) => void>();
  const select = vi.fn<(checkpoint: CheckpointView | null) => void>();
  const id = CHECKPOINTS[index]?.checkpoint_id ?? null;
  const choice = { checkpoints: CHECKPOINTS, pinned: new Set<string>(), id, index, select, move };
  render(<CheckpointLane choice={choice} span={{ start: 0, end: 200 }} />);
  return { move, select, slider: screen.getByRole("slider", { name: "Checkpoint" }) };
}

test("the lane says which checkpoint is chosen, in words and by number", () => {
  const { slider } = show(1);
  expect(slider.getAttribute("aria-valuetext")).toBe("After b #1, 2 of 3");
  expect(slider.getAttribute("aria-valuenow")).toBe("2");
  expect(screen.getByText("After b #1")).toBeDefined();
  cleanup();
  expect(show(-1).slider.getAttribute("aria-valuetext")).toBe("none chosen");
  expect(screen.getByText("Checkpoints 3")).toBeDefined();
});

test("arrow keys go from one to the next, Home and End to the ends", () => {
  const { slider, move } = show(1);
  for (const key of ["ArrowRight", "ArrowLeft", "Home", "End", "x"])
    fireEvent.keyDown(slider, { key });
  expect(move.mock.calls.flat()).toEqual([
    1,
    -1,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]);
});

test("a press takes the checkpoint nearest to it, and pointing names it before", () => {
  const { slider, select } = show(-1);
  slider.getBoundingClientRect = () => new DOMRect(100, 0, 200, 24);
  fireEvent.mouseMove(slider, { clientX: 190 });
  expect(screen.getByText("After b #1")).toBeDefined();
  fireEvent.click(slider, { clientX: 290 });
  expect(select).toHaveBeenCalledExactlyOnceWith(CHECKPOINTS[2]);
});
