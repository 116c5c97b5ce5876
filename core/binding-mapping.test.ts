import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileRequestTemplate, compileResponseMapping } from "./binding-mapping.ts";
import type { Json, JsonObject } from "./json.ts";

function parseJson(text: string): Json {
  return JSON.parse(text);
}

const anyJson = fc.json().map(parseJson);

function parseMap(text: string): JsonObject {
  return JSON.parse(text);
}

function render(request: JsonObject, input: JsonObject): JsonObject {
  return compileRequestTemplate(request).render(input);
}

function apply(response: Record<string, string>, body: Json): JsonObject {
  return compileResponseMapping(response).apply(body);
}

describe("compileRequestTemplate", () => {
  test("takes the value of a whole reference, written either way, without copying it", () => {
    const document = { pages: [1] };
    const request = { a: "input.document", b: "${input.document}", c: "input.document.pages.0" };
    const payload = render(request, { document });
    expect(payload).toEqual({ a: document, b: document, c: 1 });
    expect(payload["a"]).toBe(document);
  });

  test("interpolates between other text", () => {
    const input = { s: "text", n: 1.5, b: true, nothing: null, map: { a: [1] }, deep: { x: "y" } };
    const text =
      "s=${input.s} n=${input.n} b=${input.b} 0=${input.nothing} m=${input.map} d=${input.deep.x} ?=${input.gone}.";
    expect(render({ text }, input)["text"]).toBe('s=text n=1.5 b=true 0=null m={"a":[1]} d=y ?=.');
  });

  test("does not interpolate what an interpolated value says", () => {
    expect(render({ text: "<${input.a}>" }, { a: "${input.b}", b: "secret" })).toEqual({
      text: "<${input.b}>",
    });
  });

  test("joins two placeholders with nothing between them as text", () => {
    expect(render({ text: "${input.a}${input.b}" }, { a: 1, b: [2] })).toEqual({ text: "1[2]" });
  });

  test.each([
    "plain",
    "inputs.x",
    "$input.x",
    "${output.x}",
    "${input.}",
    "a input.x",
    "${input.x",
  ])("leaves %j as it is", (text) => {
    expect(render({ text, number: 3, nothing: null }, { x: 1 })).toEqual({
      text,
      number: 3,
      nothing: null,
    });
  });

  test("leaves out keys whose value is missing at any depth, and keeps the places of a list", () => {
    const request = {
      gone: "input.gone",
      whole: "${input.gone}",
      nothing: "input.nothing",
      nested: { gone: "input.gone", list: ["input.gone", "input.x"] },
    };
    expect(render(request, { x: 1, nothing: null })).toEqual({
      nothing: null,
      nested: { list: [null, 1] },
    });
  });

  test("finds nothing on a prototype and changes none", () => {
    const request = parseMap('{"a": "input.constructor", "__proto__": {"polluted": "input.x"}}');
    const payload = render(request, { x: 1 });
    expect(Object.keys(payload)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(payload)).toBe(Object.prototype);
  });

  test("refuses a request that is nested too deeply", () => {
    const deep = parseJson("[".repeat(5000) + "]".repeat(5000));
    expect(() => compileRequestTemplate({ deep })).toThrow(
      expect.objectContaining({ code: "invalid_configuration" }),
    );
  });

  test("renders any request without references as itself", () => {
    const literal = anyJson.filter((value) => !JSON.stringify(value).includes("input."));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), literal), (request) => {
        expect(render(request, {})).toEqual(request);
      }),
    );
  });

  test("renders any input value through the three spellings alike", () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const input = { value };
        const payload = render(
          { a: "input.value", b: "${input.value}", c: "<${input.value}>" },
          input,
        );
        expect(payload["a"]).toBe(value);
        expect(payload["b"]).toBe(value);
        expect(payload["c"]).toBe(`<${typeof value === "string" ? value : JSON.stringify(value)}>`);
      }),
    );
  });
});

describe("compileResponseMapping", () => {
  test("walks maps and lists, and takes other texts as literals", () => {
    const body = { text: "t", items: [{ id: 1 }, { id: 2 }], nothing: null };
    expect(
      apply(
        { text: "response.text", id: "response.items.1.id", n: "response.nothing", s: "ok" },
        body,
      ),
    ).toEqual({ text: "t", id: 2, n: null, s: "ok" });
  });

  test("refuses a missing path, naming it, the output and the keys that exist", () => {
    expect(() => apply({ score: "response.result.score" }, { result: { label: 1 } })).toThrow(
      expect.objectContaining({
        code: "upstream_failure",
        message:
          'Output "score" is mapped from response.result.score, which is missing: response.result has label.',
        details: { output: "score", path: "response.result.score", available: ["label"] },
      }),
    );
    expect(() => apply({ x: "response.x" }, "text")).toThrow(/response is a string/);
    expect(() => apply({ x: "response.constructor" }, {})).toThrow(/response is empty/);
  });

  test("lets a missing last segment output be the map around it, and warnings an empty list", () => {
    const body = { inner: { a: 1 } };
    expect(apply({ o: "response.output", w: "response.inner.warnings" }, body)).toEqual({
      o: body,
      w: [],
    });
    expect(
      apply({ o: "response.output", w: "response.warnings" }, { output: null, warnings: null }),
    ).toEqual({
      o: null,
      w: null,
    });
    expect(() => apply({ o: "response.gone.output" }, body)).toThrow(/response has inner/);
    expect(() => apply({ o: "response.output.x" }, body)).toThrow(/response has inner/);
    expect(() => apply({ o: "response.warnings" }, [1])).toThrow(/response is a list of 1/);
  });

  test("reads JSON inside the messages of a chat completion, and leaves the body as it was", () => {
    const body = {
      choices: [
        { message: { content: '{"score": 0.5, "tags": ["a"]}' } },
        { message: { content: "plain" } },
        null,
      ],
    };
    const before = structuredClone(body);
    const mapping = {
      score: "response.choices.0.message.content_json.score",
      tag: "response.choices.0.message.content_json.tags.0",
      text: "response.choices.1.message.content",
      warnings: "response.choices.0.message.content_json.warnings",
    };
    expect(apply(mapping, body)).toEqual({ score: 0.5, tag: "a", text: "plain", warnings: [] });
    expect(body).toEqual(before);
    expect(() => apply({ x: "response.choices.1.message.content_json.x" }, body)).toThrow(
      /response.choices.1.message has content\b/,
    );
    expect(() => apply({ x: "response.choices.0.message.content_json.x" }, body)).toThrow(
      /content_json has score, tags/,
    );
  });

  test("applied to any body, gives the outputs or upstream_failure", () => {
    const path = fc.constantFrom(
      "response.a",
      "response.a.0.b",
      "response.output",
      "response.choices.0.message.content_json",
    );
    const body = fc.oneof(anyJson, fc.record({ a: anyJson, choices: anyJson }));
    fc.assert(
      fc.property(path, body, (text, value) => {
        try {
          expect(Object.keys(apply({ out: text }, value))).toEqual(["out"]);
        } catch (error) {
          expect(error).toMatchObject({ code: "upstream_failure" });
        }
      }),
    );
  });
});
