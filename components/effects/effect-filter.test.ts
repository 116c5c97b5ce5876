import * as fc from "fast-check";
import { expect, test } from "vitest";
import { EFFECT_STATUSES } from "../../core/effect-view.ts";
import { PERIOD_NAMES } from "../runs/run-filter.ts";
import {
  formatEffectFilter,
  isEveryEffect,
  isWorklist,
  parseEffectFilter,
  readRequestField,
  toEffectsQuery,
} from "./effect-filter.ts";

const filters = fc.record({
  status: fc.subarray([...EFFECT_STATUSES]),
  target: fc.string(),
  capability: fc.string(),
  binding: fc.string(),
  receipt: fc.string(),
  run: fc.string(),
  request: fc.dictionary(fc.stringMatching(/^[a-z.]{1,8}$/), fc.string({ unit: "grapheme" })),
  q: fc.string({ unit: "grapheme" }),
  announced: fc.option(fc.constantFrom(...PERIOD_NAMES)),
});

test("a filter survives the way through the URL", () => {
  fc.assert(
    fc.property(filters, (filter) => {
      const parsed = parseEffectFilter(new URLSearchParams(formatEffectFilter(filter)));
      expect({ ...parsed, request: { ...parsed.request } }).toEqual({
        ...filter,
        request: { ...filter.request },
      });
    }),
  );
});

test("words that it does not know are passed over", () => {
  const filter = parseEffectFilter(new URLSearchParams("?status=lost&announced=once&effect=eff_1"));
  expect(isEveryEffect(filter)).toBe(true);
});

test("the worklist is the filter for unknown outcomes alone", () => {
  const worklist = (query: string) => isWorklist(parseEffectFilter(new URLSearchParams(query)));
  expect(worklist("status=in_doubt&target=shop")).toBe(true);
  expect(worklist("status=in_doubt&status=failed")).toBe(false);
});

test("the question that is asked holds only what was chosen", () => {
  const filter = parseEffectFilter(
    new URLSearchParams("status=failed&target=shop&request.order.id=42&announced=1h"),
  );
  expect(toEffectsQuery(filter, Date.UTC(2026, 0, 1, 12))).toEqual({
    status: ["failed"],
    target: "shop",
    request: { "order.id": "42" },
    after: "2026-01-01T11:00:00.000Z",
  });
});

test("a typed request field is a path and a value, or says how to write one", () => {
  expect(readRequestField("order.id = 4=2")).toEqual({ path: "order.id", value: "4=2" });
  expect(readRequestField("order")).toMatch(/path=value/);
  expect(readRequestField("=42")).toMatch(/path=value/);
});
