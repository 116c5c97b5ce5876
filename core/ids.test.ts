import { expect, test } from "vitest";
import { checkpointIdOf, checkpointSequenceOf } from "./ids.ts";

test("a checkpoint's id gives its sequence back", () => {
  expect(checkpointSequenceOf("run_0a", checkpointIdOf("run_0a", 12))).toBe(12);
});

test.each([
  "chk_0b_12",
  "chk_0a_",
  "chk_0a_0",
  "chk_0a_012",
  "chk_0a_1e3",
  "chk_0a_12.0",
  "chk_0a_2147483648",
  "evt_0a_12",
  "12",
  "",
])("%j is no id of a checkpoint of the run", (id) => {
  expect(checkpointSequenceOf("run_0a", id)).toBeNull();
});
