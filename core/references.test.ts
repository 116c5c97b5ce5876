import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isJsonObject, type Json } from "./json.ts";
import { parseReference, readReference } from "./references.ts";
import { makeScope, NAMESPACES, type Scope } from "./scope.ts";

function parseJson(text: string): Json {
  return JSON.parse(text);
}

const anyJson = fc.json().map(parseJson);

function read(text: string, scope: Partial<Scope>, locals: readonly string[] = []): unknown {
  const reference = parseReference(text, locals);
  if (reference === null) throw new Error(`${text} is a literal`);
  return readReference(reference, makeScope(scope));
}

describe("parseReference", () => {
  test.each(NAMESPACES)("reads %s.<path> as a reference", (namespace) => {
    expect(parseReference(`${namespace}.a.b`, [])).toEqual({
      namespace,
      path: ["a", "b"],
      source: `${namespace}.a.b`,
    });
  });

  test.each([
    "inputs",
    "hello",
    "",
    ".",
    "input.x",
    "trace.x",
    "locals.x",
    "see inputs.x",
    "Vars.x",
  ])("reads %j as a literal", (text) => {
    expect(parseReference(text, [])).toBeNull();
  });

  test("reads the name of a loop variable as a reference, alone and with a path", () => {
    expect(parseReference("item", ["item"])).toEqual({
      namespace: "locals",
      path: ["item"],
      source: "item",
    });
    expect(parseReference("item.name", ["item"])?.path).toEqual(["item", "name"]);
    expect(parseReference("items.name", ["item"])).toBeNull();
  });

  test("lets a loop variable hide a namespace of the same name", () => {
    expect(parseReference("output.x", ["output"])?.namespace).toBe("locals");
  });
});

describe("readReference", () => {
  test.each(["inputs", "vars", "outputs"] as const)("prefers the flat key in %s", (namespace) => {
    const root = { "a.b": 1, a: { b: 2, c: 3 } };
    expect(read(`${namespace}.a.b`, { [namespace]: root })).toBe(1);
    expect(read(`${namespace}.a.c`, { [namespace]: root })).toBe(3);
  });

  test.each(["working", "frame", "output", "extensions"] as const)(
    "walks the path in %s and knows no flat key",
    (namespace) => {
      expect(read(`${namespace}.a.b`, { [namespace]: { "a.b": 1 } })).toBeUndefined();
      expect(read(`${namespace}.a.b`, { [namespace]: { a: { b: 2 } } })).toBe(2);
    },
  );

  test("walks through list indices", () => {
    const vars = { list: [{ name: "first" }, { name: "second" }] };
    expect(read("vars.list.1.name", { vars })).toBe("second");
    for (const index of ["2", "-1", "1.5", "1e0", "length", "", "٣"]) {
      expect(read(`vars.list.${index}`, { vars })).toBeUndefined();
    }
  });

  test("takes nothing but digits for an index", () => {
    const vars = { list: Array.from({ length: 200 }, (_, index) => index) };
    expect(read("vars.list.199", { vars })).toBe(199);
    for (const index of [
      "1-",
      "1:",
      "+1",
      " 1",
      "1 ",
      "0x1",
      "99999999999999999999",
      "9".repeat(400),
    ]) {
      expect(read(`vars.list.${index}`, { vars })).toBeUndefined();
    }
  });

  test("finds a present null, false and empty string", () => {
    const vars = { nothing: null, no: false, empty: "" };
    expect(read("vars.nothing", { vars })).toBeNull();
    expect(read("vars.no", { vars })).toBe(false);
    expect(read("vars.empty", { vars })).toBe("");
  });

  test.each([
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "a.__proto__",
    "a.constructor.name",
  ])("never finds %s on a prototype", (path) => {
    for (const namespace of NAMESPACES) {
      expect(read(`${namespace}.${path}`, { [namespace]: { a: {}, list: [] } })).toBeUndefined();
    }
  });

  test("reads locals by name", () => {
    const locals = { item: { id: 7 }, index: 0 };
    expect(read("item.id", { locals }, ["item", "index"])).toBe(7);
    expect(read("index", { locals }, ["item", "index"])).toBe(0);
  });

  test("finds for any path what a plain walk finds, without copying", () => {
    const segment = fc.string({ minLength: 1 }).filter((text) => !text.includes("."));
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 5 }), anyJson, (path, value) => {
        const root = path.reduceRight<Json>(
          (inner, key) => Object.fromEntries([[key, inner]]),
          value,
        );
        expect(read(`vars.${path.join(".")}`, { vars: isJsonObject(root) ? root : {} })).toBe(
          value,
        );
      }),
    );
  });

  test("returns a value or undefined for any text and scope", () => {
    const root = fc.dictionary(fc.string(), anyJson);
    fc.assert(
      fc.property(fc.constantFrom(...NAMESPACES), fc.string(), root, (namespace, path, map) => {
        expect(() => read(`${namespace}.${path}`, { [namespace]: map })).not.toThrow();
      }),
    );
  });
});
