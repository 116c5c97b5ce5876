import * as fc from "fast-check";
import { expect, test } from "vitest";
import { RUN_STATUSES } from "../../core/run.ts";
import {
  formatRunFilter,
  isEmptyFilter,
  parseRunFilter,
  PERIOD_NAMES,
  toRunsQuery,
} from "./run-filter.ts";

const filters = fc.record({
  status: fc.subarray([...RUN_STATUSES]),
  skill: fc.string(),
  environment: fc.string(),
  q: fc.string({ unit: "grapheme" }),
  started: fc.option(fc.constantFrom(...PERIOD_NAMES)),
});

test("a filter survives the way through the URL", () => {
  fc.assert(
    fc.property(filters, (filter) => {
      expect(parseRunFilter(new URLSearchParams(formatRunFilter(filter)))).toEqual(filter);
    }),
  );
});

test("words that are not statuses or periods are passed over", () => {
  const filter = parseRunFilter(new URLSearchParams("?status=exploded&started=yesterday"));
  expect(isEmptyFilter(filter)).toBe(true);
});

test("within one minute a period is the same question", () => {
  const filter = parseRunFilter(new URLSearchParams("?started=1h"));
  const noon = Date.UTC(2026, 0, 1, 12);
  expect(toRunsQuery(filter, noon + 59_999)).toEqual({ started_after: "2026-01-01T11:00:00.000Z" });
  expect(toRunsQuery(filter, noon + 1)).toEqual(toRunsQuery(filter, noon + 59_999));
});
