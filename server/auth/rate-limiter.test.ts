import { expect, test } from "vitest";
import { createRateLimiter } from "./rate-limiter.ts";

const at = (second: number) => new Date(second * 1000);

test("after a burst a key waits, and says for how long", () => {
  const limiter = createRateLimiter({ burst: 2, perSecond: 0.1 });
  expect([limiter.take("a", at(0)), limiter.take("a", at(0)), limiter.take("a", at(0))]).toEqual([
    0, 0, 10,
  ]);
  expect(limiter.take("a", at(10))).toBe(0);
  expect(limiter.take("a", at(10))).toBe(10);
});

test("keys do not take from each other", () => {
  const limiter = createRateLimiter({ burst: 1, perSecond: 1 });
  expect(limiter.take("a", at(0))).toBe(0);
  expect(limiter.take("b", at(0))).toBe(0);
});

test("the key that was silent longest is forgotten first when there are too many", () => {
  const limiter = createRateLimiter({ burst: 1, perSecond: 0.001 }, 2);
  limiter.take("a", at(0));
  limiter.take("b", at(1));
  expect(limiter.take("a", at(2))).toBeGreaterThan(0);
  limiter.take("c", at(3));
  expect(limiter.take("b", at(4))).toBe(0);
  expect(limiter.take("c", at(4))).toBeGreaterThan(0);
});

test("a clock that goes backwards gives nothing away", () => {
  const limiter = createRateLimiter({ burst: 1, perSecond: 1 });
  limiter.take("a", at(100));
  expect(limiter.take("a", at(50))).toBeGreaterThan(0);
});

test("a call that is given back may be made again, and no more than a burst is ever there", () => {
  const limiter = createRateLimiter({ burst: 1, perSecond: 0.001 });
  limiter.take("a", at(0));
  limiter.giveBack("a");
  limiter.giveBack("a");
  expect(limiter.take("a", at(0))).toBe(0);
  expect(limiter.take("a", at(0))).toBeGreaterThan(0);
});
