import { describe, expect, test } from "vitest";
import { parseJsonObject, parseJsonText } from "./json-text.ts";

describe("a JSON text", () => {
  test("gives its value", () => {
    expect(parseJsonText(' [1, {"a": null}] ', "x")).toEqual([1, { a: null }]);
  });

  test("that is none names its source, line and column, and shows the place", () => {
    const text = '{\n  "amount": 12,\n  "to": ada\n}';
    expect(() => parseJsonText(text, "order.json")).toThrow(
      expect.objectContaining({
        message: "order.json:3:9 is not JSON.",
        excerpt: ['3 |   "to": ada', "            ^"],
        exitCode: 2,
      }),
    );
  });

  test("of one long line shows only what is around the mistake", () => {
    const text = `{"a": "${"x".repeat(500)}", oops}`;
    expect(() => parseJsonText(text, "--input")).toThrow(
      expect.objectContaining({
        excerpt: [`1 | …${"x".repeat(27)}", oops}`, `${" ".repeat(35)}^`],
      }),
    );
  });

  test("that is empty says so", () => {
    expect(() => parseJsonText(" \n", "standard input")).toThrow("standard input is empty");
  });

  test.each([
    ["[]", "a list"],
    ["null", "null"],
    ['"a"', "a string"],
  ])("%s is refused where an object is wanted", (text, found) => {
    expect(() => parseJsonObject(text, "--input")).toThrow(`--input holds ${found}`);
  });
});
