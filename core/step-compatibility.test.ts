import { expect, test } from "vitest";
import { compareSteps, ledgerPathsFor, type StepShape } from "./step-compatibility.ts";

const shapes = (steps: Record<string, string>) =>
  new Map<string, StepShape>(
    Object.entries(steps).map(([id, uses]) => [id, { uses, repeats: null, inputs: ["value"] }]),
  );

test("two steps that swapped their names are found to be each other", () => {
  const { stepMap, compatibility } = compareSteps(
    shapes({ a: "x", b: "y" }),
    shapes({ a: "y", b: "x" }),
    {},
  );
  expect(stepMap).toEqual({ a: "b", b: "a" });
  expect(compatibility).toMatchObject({ removed: [], added: [], retyped: [] });
  const source = { stepIds: ["a", "b"], paths: {} };
  expect(ledgerPathsFor(["a", "b"], stepMap, source, "2.0.0")).toEqual({ a: "b", b: "a" });
});

test("nothing is proposed where several steps could be meant", () => {
  const { stepMap, compatibility } = compareSteps(
    shapes({ a: "x" }),
    shapes({ b: "x", c: "x" }),
    {},
  );
  expect(stepMap).toEqual({ a: null });
  expect(compatibility).toEqual({
    removed: ["a"],
    added: ["b", "c"],
    renamed: [],
    retyped: [],
    choices: [{ from: "a", to: ["b", "c"] }],
  });
});

test("a proposal is declined by mapping to null", () => {
  const { stepMap } = compareSteps(shapes({ a: "x" }), shapes({ b: "x" }), { a: null });
  expect(stepMap).toEqual({ a: null });
});

test("a path is carried along several renamings, and a new step of the old name has its own", () => {
  const first = ledgerPathsFor(["b"], { a: "b" }, { stepIds: ["a"], paths: {} }, "2.0.0");
  expect(first).toEqual({ b: "a" });
  const source = { stepIds: ["b"], paths: first };
  expect(ledgerPathsFor(["c", "a"], { b: "c" }, source, "3.0.0")).toEqual({
    c: "a",
    a: "a@3.0.0",
  });
  expect(ledgerPathsFor(["a"], { b: "a" }, source, "1.0.0")).toEqual({});
});
