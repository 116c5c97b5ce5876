import fc from "fast-check";
import { expect, test } from "vitest";
import { toOneLine } from "./one-line.ts";
import { pad, textWidth, truncate } from "./text-width.ts";
import { wrapText } from "./wrap-text.ts";

test.each([
  ["plain", 5],
  ["é", 1],
  ["e\u0301", 1],
  ["日本", 4],
  ["👩‍🚀", 2],
  ["", 0],
])("%j takes %i columns", (text, width) => {
  expect(textWidth(text)).toBe(width);
});

test("a cut text says so and fits, whatever its script", () => {
  expect(truncate("abcdef", 4)).toBe("abc…");
  expect(truncate("日本語", 4)).toBe("日…");
  expect(truncate("abc", 3)).toBe("abc");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.nat(40), (text, width) => {
      expect(textWidth(truncate(text, width))).toBeLessThanOrEqual(width);
    }),
  );
});

test("padding counts columns, not characters", () => {
  expect(pad("日", 4)).toBe("日  ");
  expect(pad("1", 3, "right")).toBe("  1");
});

test("text from outside cannot steer the terminal or change its direction", () => {
  expect(toOneLine("a\u001b[2Jb\u0007\r\n\tc\u202ed")).toBe("ab cd");
});

test("text is broken between words, and words that are too long stay whole", () => {
  expect(wrapText("one two three", 8)).toEqual(["one two", "three"]);
  expect(wrapText("extraordinary word", 5)).toEqual(["extraordinary", "word"]);
  expect(wrapText("one two", null)).toEqual(["one two"]);
  expect(wrapText("  hint  one two", 12, "   ")).toEqual(["  hint  one", "   two"]);
});
