import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mayRetry, retryDelayMs } from "./retry.ts";
import { RetrySchema } from "./skill.ts";

describe("retryDelayMs", () => {
  test("grows by the multiplier up to the cap", () => {
    const rule = RetrySchema.parse({
      backoff_seconds: 1,
      backoff_multiplier: 3,
      max_backoff_seconds: 20,
    });
    expect([1, 2, 3, 4, 5000].map((attempt) => retryDelayMs(rule, attempt, 0.5))).toEqual([
      1000, 3000, 9000, 20_000, 20_000,
    ]);
  });

  test("moves by the jitter in both directions", () => {
    const rule = RetrySchema.parse({ backoff_seconds: 10, jitter: 0.2 });
    expect(retryDelayMs(rule, 1, 0)).toBe(8000);
    expect(retryDelayMs(rule, 1, 0.999_999_9)).toBe(12_000);
    expect(retryDelayMs(RetrySchema.parse({ backoff_seconds: 10, jitter: 0 }), 1, 0)).toBe(10_000);
  });

  test("is zero without backoff, at any attempt", () => {
    expect(retryDelayMs(RetrySchema.parse({ backoff_seconds: 0 }), 10_000, 0.9)).toBe(0);
  });

  test("is whole, not negative, and within the jitter of the cap for any rule", () => {
    const rules = fc.record({
      backoff_seconds: fc.double({ min: 0, max: 1e6, noNaN: true }),
      backoff_multiplier: fc.double({ min: 1, max: 100, noNaN: true }),
      max_backoff_seconds: fc.double({ min: 0, max: 1e6, noNaN: true }),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(rules, fc.integer({ min: 1, max: 100_000 }), random, (document, attempt, at) => {
        const rule = RetrySchema.parse(document);
        const delay = retryDelayMs(rule, attempt, at);
        expect(Number.isInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(
          Math.ceil(rule.max_backoff_seconds * 1000 * (1 + rule.jitter)),
        );
      }),
    );
  });
});

describe("mayRetry", () => {
  test("does not ask again for an address that the network rules refuse", () => {
    const rule = RetrySchema.parse({ max_attempts: 3, retry_on: ["upstream_failure"] });
    const error = { code: "upstream_failure", details: { reason: "refused_address" } };
    expect(mayRetry(rule, 1, error)).toBe(false);
  });

  test("allows max_attempts attempts in all", () => {
    const rule = RetrySchema.parse({ max_attempts: 3 });
    expect(
      [1, 2, 3, 4].map((attempt) => mayRetry(rule, attempt, { code: "upstream_failure" })),
    ).toEqual([true, true, false, false]);
    expect(mayRetry(RetrySchema.parse({ max_attempts: 1 }), 1, { code: "upstream_failure" })).toBe(
      false,
    );
  });

  test.each(["invalid_request", "invalid_configuration", "safety_denied"])(
    "never allows it for %s, not even by retry_on",
    (code) => {
      expect(mayRetry(RetrySchema.parse({ retry_on: [code] }), 1, { code })).toBe(false);
    },
  );

  test.each([
    ["upstream_timeout", true],
    ["runtime_error", true],
    ["not_found", false],
    ["effect_in_doubt", false],
    ["a_provider_code", true],
    ["constructor", true],
  ])("without lists says for %s: %j", (code, may) => {
    expect(mayRetry(RetrySchema.parse({}), 1, { code })).toBe(may);
  });

  test("retry_on names all codes that may, and give_up_on wins over it", () => {
    const rule = RetrySchema.parse({
      retry_on: ["not_found", "unavailable"],
      give_up_on: ["unavailable"],
    });
    expect(mayRetry(rule, 1, { code: "not_found" })).toBe(true);
    expect(mayRetry(rule, 1, { code: "upstream_failure" })).toBe(false);
    expect(mayRetry(rule, 1, { code: "unavailable" })).toBe(false);
  });
});
