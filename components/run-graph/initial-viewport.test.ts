import * as fc from "fast-check";
import { expect, test } from "vitest";
import { initialViewport } from "./initial-viewport.ts";
import { NODE_SIZE } from "./layout-run-graph.ts";

const CANVAS = { width: 800, height: 400 };
const FIRST = { x: 0, y: 0 };

test("a graph that fits is shown whole, in the middle, and never larger than life", () => {
  expect(initialViewport({ positions: new Map(), width: 400, height: 100 }, CANVAS, FIRST)).toEqual(
    {
      x: 200,
      y: 150,
      zoom: 1,
    },
  );
});

test("a graph that does not fit opens at its first steps, with words that can be read", () => {
  const { x, zoom } = initialViewport(
    { positions: new Map(), width: 9_000, height: 100 },
    CANVAS,
    FIRST,
  );
  expect(x).toBeGreaterThan(0);
  expect(zoom).toBeGreaterThanOrEqual(0.7);
});

test("the step that one came for is in view, wherever it stands", () => {
  const cases = fc.record({
    width: fc.integer({ min: 300, max: 20_000 }),
    height: fc.integer({ min: 64, max: 5_000 }),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(cases, ({ width, height, at }) => {
      const focus = { x: (width - NODE_SIZE.width) * at, y: (height - NODE_SIZE.height) * at };
      const { x, y, zoom } = initialViewport(
        { positions: new Map(), width, height },
        CANVAS,
        focus,
      );
      expect(x + focus.x * zoom).toBeGreaterThanOrEqual(0);
      expect(x + (focus.x + NODE_SIZE.width) * zoom).toBeLessThanOrEqual(CANVAS.width);
      expect(y + focus.y * zoom).toBeGreaterThanOrEqual(0);
      expect(y + (focus.y + NODE_SIZE.height) * zoom).toBeLessThanOrEqual(CANVAS.height);
    }),
  );
});
