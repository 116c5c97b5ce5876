import { expect, test } from "vitest";
import { outermostStepKey, ResultCollector, standingResults } from "./recorded-results.ts";
import type { NewEvent } from "./run-events.ts";

test.each([
  ["charge", "", "charge"],
  ["each", "3", "each#3"],
  ["order/charge", "", "order"],
  ["order[1]/inner[0]/charge", "2", "order#1"],
])("%s, occurrence %j, lies in step %s of the outermost run", (path, occurrence, key) => {
  expect(outermostStepKey(path, occurrence)).toBe(key);
});

test("what was undone, and what undid it, is no result that may be reused", () => {
  const collector = new ResultCollector();
  const refs = [{ step_id: "a" }, { step_id: "b" }, { step_id: "a", occurrence: "undo:1" }];
  const events = refs.flatMap((ref): NewEvent[] => [
    { type: "step.started", payload: { ...ref, attempt: 1 } },
    { type: "step.completed", payload: { ...ref, output: {} } },
  ]);
  for (const [index, event] of events.entries()) collector.add(event, index + 1);
  expect([...collector.results.keys()]).toEqual(["a", "b"]);
  const undone = { effectIds: new Set(["eff_1"]), keys: new Set(["a"]) };
  expect([...standingResults(collector.results, undone).keys()]).toEqual(["b"]);
});
