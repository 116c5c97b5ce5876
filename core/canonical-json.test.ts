import canonicalize from "canonicalize";
import fc from "fast-check";
import { expect, test } from "vitest";
import { toCanonicalJson } from "./json.ts";
import { JsonSchema } from "./field.ts";

const anyJson = fc
  .jsonValue({ maxDepth: 4, stringUnit: "binary" })
  .map((value) => JsonSchema.parse(value));

test("writes what the reference library writes", () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      expect(toCanonicalJson(value)).toBe(canonicalize(value));
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  [{ b: 1, a: [1e21, 0.1, -0, true, null] }, '{"a":[1e+21,0.1,0,true,null],"b":1}'],
  [{ "": 1, '"': 2, "\u20ac": "\n" }, '{"":1,"\\"":2,"€":"\\n"}'],
  [[], "[]"],
])("%j is %s", (value, text) => {
  expect(toCanonicalJson(value)).toBe(text);
});

test("refuses half of a surrogate pair, in a text as in a key", () => {
  expect(() => toCanonicalJson("\ud83d")).toThrow(TypeError);
  expect(() => toCanonicalJson({ "\udc00": 1 })).toThrow(TypeError);
});
