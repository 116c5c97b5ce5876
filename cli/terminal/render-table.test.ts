import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Column, renderTable } from "./render-table.ts";
import { textWidth } from "./text-width.ts";
import { paintNothing } from "./tone.ts";

const COLUMNS: readonly Column[] = [
  { title: "RUN" },
  { title: "SKILL", shrinksTo: 6 },
  { title: "ENV", leaves: 2 },
  { title: "TOOK", align: "right", leaves: 1 },
];
const ROWS = [
  ["run_0123456789", "customer.onboarding", "dev", "12 ms"],
  ["run_0123456790", "note", "staging", "1.2 s"],
];
const render = (width: number | null, rows = ROWS) =>
  renderTable(COLUMNS, rows, { width, paint: paintNothing });

describe("a table", () => {
  test("without a width aligns its columns and cuts nothing", () => {
    expect(render(null)).toEqual([
      "RUN             SKILL                ENV       TOOK",
      "run_0123456789  customer.onboarding  dev      12 ms",
      "run_0123456790  note                 staging  1.2 s",
    ]);
  });

  test("cuts what may be cut before it leaves anything out", () => {
    expect(render(44)).toEqual([
      "RUN             SKILL         ENV       TOOK",
      "run_0123456789  customer.on…  dev      12 ms",
      "run_0123456790  note          staging  1.2 s",
    ]);
  });

  test("leaves columns out where cutting is not enough, the least wanted first", () => {
    expect(render(30)).toEqual([
      "RUN             SKILL     TOOK",
      "run_0123456789  custom…  12 ms",
      "run_0123456790  note     1.2 s",
    ]);
    expect(render(22)[1]).toBe("run_0123456789  custo…");
  });

  test("keeps text from outside on its line", () => {
    expect(render(null, [["run_1", "a\nb\u001b[31mc", "dev", "1 s"]])[1]).toBe(
      "run_1  a bc   dev   1 s",
    );
  });

  test("is never wider than the terminal once that holds what must not be cut", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 30 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constant("run_0123456789"), text, text, text), { maxLength: 5 }),
        fc.integer({ min: 22, max: 120 }),
        (rows, width) => {
          for (const line of render(width, rows)) {
            expect(textWidth(line)).toBeLessThanOrEqual(width);
            if (!line.startsWith("RUN")) expect(line).toContain("run_0123456789");
          }
        },
      ),
    );
  });
});
