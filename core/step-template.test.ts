import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DomainError } from "./errors.ts";
import type { Json, JsonObject } from "./json.ts";
import { parseReference } from "./references.ts";
import { makeScope, type Scope } from "./scope.ts";
import { compileStepTemplate } from "./step-template.ts";

function parseJson(text: string): Json {
  return JSON.parse(text);
}

const anyJson = fc.json().map(parseJson);

function parseMap(text: string): JsonObject {
  return JSON.parse(text);
}

function resolve(
  input: JsonObject,
  scope: Partial<Scope>,
  { locals = [], optional = [] }: { locals?: string[]; optional?: string[] } = {},
): JsonObject {
  const template = compileStepTemplate(input, { locals, optionalInputs: new Set(optional) });
  return template.resolve(makeScope(scope));
}

function refusalOf(act: () => unknown): DomainError {
  try {
    act();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("compileStepTemplate", () => {
  test("resolves references at any depth and leaves literals as they are", () => {
    const input = {
      text: "inputs.text",
      options: { limit: 3, tags: ["vars.tag", "plain"], deep: [[{ x: "outputs.x" }]] },
    };
    expect(
      resolve(input, { inputs: { text: "hi" }, vars: { tag: "t" }, outputs: { x: 1 } }),
    ).toEqual({
      text: "hi",
      options: { limit: 3, tags: ["t", "plain"], deep: [[{ x: 1 }]] },
    });
  });

  test("lists what it reads, in file order", () => {
    const { references } = compileStepTemplate(
      { a: "vars.x", b: ["item.y", { c: "inputs.z" }], d: "text" },
      { locals: ["item"], optionalInputs: new Set() },
    );
    expect(references.map(({ source }) => source)).toEqual(["vars.x", "item.y", "inputs.z"]);
  });

  test("returns the same object for an input without references", () => {
    const input = { text: "plain", list: [1, { a: null }] };
    expect(resolve(input, {})).toBe(input);
  });

  test("hands values out without copying them, and reuses literal parts", () => {
    const document = { pages: [1, 2] };
    const input = { document: "vars.document", options: { mode: "fast" } };
    const resolved = resolve(input, { vars: { document } });
    expect(resolved["document"]).toBe(document);
    expect(resolved["options"]).toBe(input.options);
  });

  test.each(["inputs.a", "inputs.a.b", "frame.a", "output.a", "extensions.a"])(
    "resolves a missing %s to null",
    (reference) => {
      expect(resolve({ key: reference, list: [reference] }, {})).toEqual({
        key: null,
        list: [null],
      });
    },
  );

  test.each(["vars.a", "outputs.a", "working.a", "item.a"])("refuses a missing %s", (reference) => {
    const error = refusalOf(() =>
      resolve({ key: { parts: ["x", reference] } }, { locals: {} }, { locals: ["item"] }),
    );
    expect(error.code).toBe("invalid_request");
    expect(error.message).toContain(reference);
    expect(error.message).toContain('"key.parts.1"');
    expect(error.details).toMatchObject({ reference, key: "key.parts.1", available: [] });
  });

  test("says what exists where a walk ends", () => {
    const vars = { report: { title: "t", body: "b" } };
    const error = refusalOf(() => resolve({ text: "vars.report.sumary" }, { vars }));
    expect(error.message).toContain("vars.report has title, body");
    expect(error.details?.["available"]).toEqual(["title", "body"]);
    const deeper = refusalOf(() => resolve({ text: "vars.report.title.x" }, { vars }));
    expect(deeper.message).toContain("vars.report.title is a string");
  });

  test("leaves out a top-level key that is an absent or null optional input", () => {
    const input = { limit: "inputs.limit", nested: { limit: "inputs.limit" }, text: "inputs.text" };
    const expected = { nested: { limit: null }, text: null };
    expect(resolve(input, {}, { optional: ["limit"] })).toEqual(expected);
    expect(resolve(input, { inputs: { limit: null } }, { optional: ["limit"] })).toEqual(expected);
    expect(resolve(input, { inputs: { limit: 0 } }, { optional: ["limit"] })).toEqual({
      limit: 0,
      nested: { limit: 0 },
      text: null,
    });
  });

  test("leaves out a path into an absent optional input, and keeps one into a present one", () => {
    const input = { incident: "inputs.context.incident" };
    expect(resolve(input, {}, { optional: ["context"] })).toEqual({});
    expect(resolve(input, { inputs: { context: {} } }, { optional: ["context"] })).toEqual({
      incident: null,
    });
  });

  test("keeps a flat input whose first segment names an absent optional one", () => {
    const inputs = { "context.incident": "fire" };
    expect(
      resolve({ incident: "inputs.context.incident" }, { inputs }, { optional: ["context"] }),
    ).toEqual({
      incident: "fire",
    });
  });

  test("refuses an input that is nested too deeply instead of running out of stack", () => {
    let input: Json = "inputs.x";
    for (let level = 0; level < 50_000; level++) input = [input];
    expect(refusalOf(() => resolve({ input }, {})).code).toBe("invalid_configuration");
  });

  test("treats a __proto__ key as data", () => {
    const input = parseMap('{"__proto__": {"polluted": "inputs.x"}}');
    const resolved = resolve(input, { inputs: { x: true } });
    expect(Object.getPrototypeOf(resolved)).toBe(Object.prototype);
    expect(Object.keys(resolved)).toEqual(["__proto__"]);
    expect(resolved["polluted"]).toBeUndefined();
  });

  test("keeps the structure of any input and replaces exactly its references", () => {
    const leaf = fc.oneof(
      fc.constantFrom("inputs.a", "inputs.b.c", "frame.x"),
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    );
    const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie("tree"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), tree), anyJson, (input, value) => {
        const resolved = resolve(input, { inputs: { a: value, b: { c: value } } });
        expect(resolved).toEqual(replaceReferences(input, value));
      }),
    );
  });
});

function replaceReferences(part: Json, value: Json): Json {
  if (typeof part === "string") {
    if (parseReference(part, []) === null) return part;
    return part.startsWith("inputs.") ? value : null;
  }
  if (Array.isArray(part)) return part.map((item) => replaceReferences(item, value));
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, item]) => [key, replaceReferences(item, value)]),
  );
}
