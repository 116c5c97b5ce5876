import { describe, expect, test } from "vitest";
import type { DiffRow, RunDiff, StepDifference } from "../../core/run-diff-view.ts";
import {
  differingKeys,
  initialKey,
  lineKeyAt,
  moveToDifference,
  toCompareLines,
  type CompareLine,
} from "./compare-lines.ts";
import { aDiff, aRow } from "./testing/a-diff.ts";

const diffOf = (...given: [string, StepDifference[]][]): RunDiff => {
  const rows: DiffRow[] = given.map(([key, differences]) => aRow(key, { differences }));
  return aDiff(rows);
};
const say = (lines: readonly CompareLine[]) =>
  lines.map((line) =>
    line.kind === "fold" ? `${line.isOpen ? "open" : "folded"} ${line.count}` : line.key,
  );
const diff = diffOf(["a", []], ["b", []], ["c", ["output"]], ["each#1", ["status"]], ["d", []]);

describe("the lines of a comparison", () => {
  test("begin with the runs as wholes, and fold equal steps", () => {
    const lines = toCompareLines(diff, new Map(), null);
    expect(say(lines)).toEqual(["", "folded 2", "c", "each#1", "folded 1"]);
    expect(lines.find((line) => line.kind === "step" && line.isFirst)?.key).toBe("c");
  });

  test("show the steps of a fold that is open, or that holds the step that is looked at", () => {
    const fold = toCompareLines(diff, new Map(), null)[1]?.key ?? "";
    expect(say(toCompareLines(diff, new Map([[fold, true]]), null))).toEqual([
      "",
      "open 2",
      "row 0",
      "row 1",
      "c",
      "each#1",
      "folded 1",
    ]);
    expect(say(toCompareLines(diff, new Map(), 4)).slice(-2)).toEqual(["open 1", "row 4"]);
  });

  test("keep a fold closed that was closed, whatever it holds", () => {
    const fold = toCompareLines(diff, new Map(), 4).at(-2)?.key ?? "";
    expect(say(toCompareLines(diff, new Map([[fold, false]]), 4)).at(-1)).toBe("folded 1");
  });

  test("open at the first divergence, or at the runs where all steps are equal", () => {
    expect(initialKey(diff)).toBe("c");
    expect(initialKey(diffOf(["a", []]))).toBe("");
  });
});

describe("the keyboard", () => {
  test("goes from difference to difference and stays at the last one", () => {
    const lines = toCompareLines(diff, new Map(), null);
    expect(moveToDifference(lines, "c", 1)).toBe("each#1");
    expect(moveToDifference(lines, "each#1", 1)).toBe("each#1");
    expect(moveToDifference(lines, "c", -1)).toBe("c");
  });

  test("finds the next difference from an equal step too", () => {
    const lines = toCompareLines(diff, new Map(), 4);
    expect(moveToDifference(lines, lineKeyAt(4), -1)).toBe("each#1");
  });

  test("stops at the runs as wholes where they differ", () => {
    expect(differingKeys(diff)).toEqual(["c", "each#1"]);
    expect(differingKeys({ ...diff, differences: ["inputs"] })).toEqual(["", "c", "each#1"]);
  });
});
