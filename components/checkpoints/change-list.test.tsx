import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { CheckpointChangesView } from "../../core/run-view.ts";
import { listStateChanges } from "../../core/state-changes.ts";
import type { JsonObject } from "../../core/json.ts";
import { ChangeList } from "./change-list.tsx";

afterEach(cleanup);

const changesOf = (before: JsonObject, after: JsonObject): CheckpointChangesView => ({
  checkpoint: {
    checkpoint_id: "chk_0_1",
    run_id: "run_0",
    sequence: 1,
    parent_checkpoint_id: null,
    kind: "step_completed",
    step_path: "a",
    state_hash: "",
    created_at: new Date(0).toISOString(),
    pinned: false,
  },
  ...listStateChanges(before, after),
});

test("each change reads as what happened where, with sizes, old and new value", () => {
  render(
    <ChangeList
      changes={changesOf(
        { status: "running", gone: null },
        { status: "completed", vars: "x".repeat(2_000) },
      )}
    />,
  );
  const rows = screen.getAllByRole("listitem").map((row) => row.textContent);
  expect(rows).toEqual([
    '~changed status9 B → 11 Bwas "running"→"completed"',
    "−removed gone4 Bwas null",
    "+added vars2.0 kB",
  ]);
  expect(screen.getByText("1 added · 1 changed · 1 removed")).toBeDefined();
});

test("a state that stayed as it was says so", () => {
  render(<ChangeList changes={changesOf({ a: 1 }, { a: 1 })} />);
  expect(screen.getByText("Nothing changed in the state")).toBeDefined();
});

test("of very many changes it says how many are not listed", () => {
  const after = Object.fromEntries(Array.from({ length: 1_200 }, (_, index) => [`k${index}`, 1]));
  render(<ChangeList changes={changesOf({}, after)} />);
  expect(screen.getByText(/^The first 1,000 of 1,200 changes are listed/)).toBeDefined();
});
