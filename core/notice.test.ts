import { expect, test } from "vitest";
import { DELIVERY_SCHEDULE, nextDeliveryDelayMs } from "./notice.ts";

test("delays grow up to six hours, and end after ten attempts in less than a day", () => {
  const delays: number[] = [];
  for (let attempts = 1; ; attempts += 1) {
    const delay = nextDeliveryDelayMs(DELIVERY_SCHEDULE, attempts, 0.5);
    if (delay === null) break;
    delays.push(delay);
  }
  expect(delays.slice(0, 4)).toEqual([5_000, 20_000, 80_000, 320_000]);
  expect(delays).toHaveLength(DELIVERY_SCHEDULE.maxAttempts - 1);
  expect(Math.max(...delays)).toBe(6 * 3_600_000);
  expect(delays.reduce((sum, delay) => sum + delay)).toBeLessThan(24 * 3_600_000);
});

test("chance moves a delay by a tenth at most", () => {
  expect(nextDeliveryDelayMs(DELIVERY_SCHEDULE, 1, 0)).toBe(4_500);
  expect(nextDeliveryDelayMs(DELIVERY_SCHEDULE, 1, 1)).toBe(5_500);
});
