import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DomainError } from "./errors.ts";
import { formatDuration, parseDuration } from "./duration.ts";
import type { Json } from "./json.ts";

function parseJson(text: string): Json {
  return JSON.parse(text);
}

const anyJson = fc.json().map(parseJson);

describe("parseDuration", () => {
  test.each<[Json, number]>([
    [0, 0],
    [1.5, 1500],
    [0.0004, 0],
    ["500ms", 500],
    ["5s", 5000],
    ["5m", 300_000],
    ["1.5h", 5_400_000],
    ["1h30m", 5_400_000],
    [" 3 m 12 s ", 192_000],
    ["2d", 172_800_000],
    ["1w", 604_800_000],
    ["PT5M", 300_000],
    ["PT0.5S", 500],
    ["P1DT2H3M4S", 93_784_000],
    ["P2W", 1_209_600_000],
    ["P1D", 86_400_000],
  ])("%j is %i ms", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each<[Json]>([
    [-1],
    ["-5m"],
    [""],
    ["5"],
    ["5 minutes"],
    ["m5"],
    ["P"],
    ["PT"],
    ["P1DT"],
    ["P1Y"],
    ["P1M"],
    ["5M"],
    [null],
    [true],
    [["5m"]],
    [{}],
    [1e15],
    ["99999999999w"],
  ])("%j is refused", (text) => {
    expect(() => parseDuration(text)).toThrow(
      expect.objectContaining({ code: "invalid_request", hint: expect.stringContaining("PT5M") }),
    );
  });

  test("gives whole milliseconds or a DomainError for any value", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyJson,
          fc.string({
            unit: fc.constantFrom("P", "T", "1", "20", ".", "s", "m", "h", "d", "H", "M", "S", " "),
          }),
        ),
        (value) => {
          try {
            expect(Number.isSafeInteger(parseDuration(value))).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(DomainError);
          }
        },
      ),
    );
  });
});

describe("formatDuration", () => {
  test.each<[number, string]>([
    [0, "0 ms"],
    [-5, "0 ms"],
    [850, "850 ms"],
    [999.6, "1 s"],
    [1000, "1 s"],
    [1234, "1.2 s"],
    [59_940, "59.9 s"],
    [59_960, "1 m"],
    [192_000, "3 m 12 s"],
    [3_599_600, "1 h"],
    [5_400_000, "1 h 30 m"],
    [86_399_000, "1 d"],
    [792_000_000, "9 d 4 h"],
    [Number.NaN, "–"],
    [Number.POSITIVE_INFINITY, "–"],
  ])("%d ms is %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test("reads back to within half of its smallest unit, in units that are not full", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000_000_000 }), (ms) => {
        const text = formatDuration(ms);
        const back = parseDuration(text);
        const unit =
          ms < 1000
            ? 1
            : ms < 60_000
              ? 100
              : ms < 3_600_000
                ? 1000
                : ms < 86_400_000
                  ? 60_000
                  : 3_600_000;
        // Rounding goes through the smaller units, each of which may add half of its own.
        expect(Math.abs(back - ms)).toBeLessThanOrEqual(unit * 0.52);
        expect(text).not.toMatch(/\b(60 [sm]|24 h|1000 ms)/);
      }),
    );
  });
});
