import * as fc from "fast-check";
import { expect, test } from "vitest";
import { axisTicks, hasRoomForLabel } from "./axis-ticks.ts";

test("an axis of any length gets a few marks, all of them on it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 ** 12 }), (duration) => {
      const ticks = axisTicks(duration, 8);
      expect(ticks.length).toBeLessThanOrEqual(9);
      expect(Math.max(...ticks)).toBeLessThanOrEqual(duration);
    }),
  );
});

test("the marks stand at round numbers", () => {
  expect(axisTicks(9_000, 6)).toEqual([0, 2_000, 4_000, 6_000, 8_000]);
});

test("a mark close to the end of the axis is drawn without words that would be cut", () => {
  expect(axisTicks(63, 6).map((mark) => hasRoomForLabel(mark, 63))).toEqual([
    true,
    true,
    true,
    false,
  ]);
});
