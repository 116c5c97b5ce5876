import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "./json.ts";
import { compileOutputMappings, mapOutput, writeTarget } from "./output-mapping.ts";
import { parseReference, readReference } from "./references.ts";
import { makeScope, type Scope } from "./scope.ts";
import type { MergeStrategy } from "./skill.ts";
import { parseTarget } from "./targets.ts";

function parseMap(text: string): JsonObject {
  return JSON.parse(text);
}

function map(
  output: Record<string, string>,
  produced: Json,
  scope: Partial<Scope> = {},
): JsonObject {
  const values = mapOutput(compileOutputMappings(output), produced, makeScope(scope));
  return Object.fromEntries(values.map(({ target, value }) => [target.source, value]));
}

describe("compileOutputMappings", () => {
  test("refuses two produced paths with one target, naming all three", () => {
    expect(() => compileOutputMappings({ a: "vars.x", b: "vars.x" })).toThrow(
      expect.objectContaining({
        code: "invalid_configuration",
        message: 'Both "a" and "b" are written to vars.x.',
      }),
    );
  });

  test("refuses a read-only target", () => {
    expect(() => compileOutputMappings({ a: "inputs.x" })).toThrow(/inputs is read-only/);
  });
});

describe("mapOutput", () => {
  test("reads plain keys, dotted paths and list indices", () => {
    const produced = { text: "t", output: { items: [{ id: 7 }] } };
    expect(map({ text: "vars.text", "output.items.0.id": "outputs.id" }, produced)).toEqual({
      "vars.text": "t",
      "outputs.id": 7,
    });
  });

  test("prefers the exact flat key of the result", () => {
    expect(map({ "a.b": "vars.x" }, { "a.b": 1, a: { b: 2 } })).toEqual({ "vars.x": 1 });
  });

  test("passes values of the scope through, a missing input as null", () => {
    const scope = { vars: { a: 1 }, outputs: { b: [2] }, inputs: {} };
    expect(
      map({ "vars.a": "outputs.a", "outputs.b": "vars.b", "inputs.c": "vars.c" }, {}, scope),
    ).toEqual({ "outputs.a": 1, "vars.b": [2], "vars.c": null });
  });

  test("keeps a present null", () => {
    expect(map({ text: "vars.text" }, { text: null })).toEqual({ "vars.text": null });
  });

  test("refuses a missing key, naming it and the keys that exist", () => {
    expect(() => map({ confidence: "vars.c" }, { label: "x", score: 1 })).toThrow(
      expect.objectContaining({
        code: "invalid_request",
        message: 'The step maps "confidence" to vars.c, but the result has label, score.',
        details: { produced: "confidence", target: "vars.c", available: ["label", "score"] },
      }),
    );
    expect(() => map({ "a.b.c": "vars.c" }, { a: { x: 1 } })).toThrow(/the result.a has x/);
    expect(() => map({ a: "vars.c" }, "text")).toThrow(/the result is a string/);
    expect(() => map({ "vars.missing": "outputs.x" }, {}, { vars: { y: 1 } })).toThrow(
      /vars has y/,
    );
  });

  test.each(["constructor", "__proto__", "a.constructor"])("finds no %s on a prototype", (path) => {
    expect(() => map({ [path]: "vars.x" }, { a: {} })).toThrow(/The step maps/);
  });
});

function write(
  scope: Scope,
  written: Set<string>,
  target: string,
  value: Json,
  how: MergeStrategy,
): void {
  writeTarget(scope, written, parseTarget(target), value, how);
}

function read(scope: Scope, text: string): Json | undefined {
  const reference = parseReference(text, []);
  return reference === null ? undefined : readReference(reference, scope);
}

describe("writeTarget", () => {
  test("writes vars and outputs as one flat key, and the others by path", () => {
    const scope = makeScope();
    const written = new Set<string>();
    for (const namespace of ["vars", "outputs", "working", "output", "extensions"]) {
      write(scope, written, `${namespace}.a.b`, 1, "overwrite");
      expect(read(scope, `${namespace}.a.b`)).toBe(1);
    }
    expect(scope).toMatchObject({
      vars: { "a.b": 1 },
      outputs: { "a.b": 1 },
      working: { a: { b: 1 } },
      output: { a: { b: 1 } },
      extensions: { a: { b: 1 } },
    });
    expect([...written]).toContain("working.a.b");
  });

  test("overwrite refuses a target that was written, and replace does not", () => {
    const scope = makeScope();
    const written = new Set(["vars.x"]);
    expect(() => write(scope, written, "vars.x", 1, "overwrite")).toThrow(
      expect.objectContaining({
        code: "invalid_request",
        message: "vars.x was already written in this run.",
      }),
    );
    expect(scope.vars).toEqual({});
    write(scope, written, "vars.x", 2, "replace");
    expect(scope.vars).toEqual({ x: 2 });
  });

  test("append joins lists, a missing target being an empty one", () => {
    const scope = makeScope();
    const written = new Set<string>();
    for (const value of [[1], [2, 3], []]) {
      write(scope, written, "vars.list", value, "append");
      write(scope, written, "working.deep.list", value, "append");
    }
    expect(scope.vars).toEqual({ list: [1, 2, 3] });
    expect(scope.working).toEqual({ deep: { list: [1, 2, 3] } });
  });

  test("append grows in place as long as nobody has read the list", () => {
    const scope = makeScope();
    const written = new Set<string>();
    write(scope, written, "vars.list", [1], "append");
    const list = scope.vars["list"];
    write(scope, written, "vars.list", [2], "append");
    expect(scope.vars["list"]).toBe(list);
  });

  test("append changes neither what a reference has handed out nor what was written before", () => {
    const scope = makeScope();
    const written = new Set<string>();
    const recorded = [0];
    write(scope, written, "vars.list", recorded, "overwrite");
    write(scope, written, "vars.list", [1], "append");
    const seen = read(scope, "vars.list");
    write(scope, written, "vars.list", [2], "append");
    expect(recorded).toEqual([0]);
    expect(seen).toEqual([0, 1]);
    expect(scope.vars["list"]).toEqual([0, 1, 2]);
  });

  test("append of a list to itself ends", () => {
    const scope = makeScope();
    write(scope, new Set(), "vars.list", [1], "append");
    write(scope, new Set(), "vars.list", scope.vars["list"] ?? null, "append");
    expect(scope.vars["list"]).toEqual([1, 1]);
  });

  test.each([
    ["vars.text", [1], "what it holds is a string"],
    ["vars.map", [1], "what it holds is a map"],
    ["vars.list", "x", "the new value is a string"],
    ["vars.list", null, "the new value is null"],
  ])("append to %s of %j is refused and changes nothing", (target, value, problem) => {
    const vars = { text: "t", map: {}, list: [1] };
    const scope = makeScope({ vars: { ...vars } });
    const written = new Set<string>();
    expect(() => write(scope, written, target, value, "append")).toThrow(problem);
    expect(scope.vars).toEqual(vars);
    expect(written.size).toBe(0);
  });

  test("deep_merge merges maps, the new value winning elsewhere, and changes neither side", () => {
    const before = { a: { b: 1, list: [1] }, c: 1 };
    const added = { a: { b: 2, d: { e: 3 } }, c: { f: 4 } };
    for (const target of ["vars.x", "working.deep.x"]) {
      const scope = makeScope();
      const written = new Set<string>();
      write(scope, written, target, before, "overwrite");
      write(scope, written, target, added, "deep_merge");
      write(scope, written, target, { a: { d: { g: 5 } } }, "deep_merge");
      expect(read(scope, target)).toEqual({
        a: { b: 2, list: [1], d: { e: 3, g: 5 } },
        c: { f: 4 },
      });
    }
    expect(before).toEqual({ a: { b: 1, list: [1] }, c: 1 });
    expect(added).toEqual({ a: { b: 2, d: { e: 3 } }, c: { f: 4 } });
  });

  test("deep_merge of any depth does not run out of stack", () => {
    const deep = parseMap('{"a":'.repeat(5000) + "1" + "}".repeat(5000));
    const scope = makeScope({ vars: { x: deep } });
    expect(() => write(scope, new Set(), "vars.x", deep, "deep_merge")).not.toThrow();
  });

  test("a write below a recorded value does not change it", () => {
    const scope = makeScope();
    const recorded = { b: { c: 1 } };
    write(scope, new Set(), "working.a", recorded, "overwrite");
    write(scope, new Set(), "working.a.b.d", 2, "overwrite");
    expect(recorded).toEqual({ b: { c: 1 } });
    expect(scope.working).toEqual({ a: { b: { c: 1, d: 2 } } });
  });

  test("a write below something that is not a map is refused and changes nothing", () => {
    const scope = makeScope({ working: { a: [1], b: null } });
    expect(() => write(scope, new Set(), "working.a.x", 1, "overwrite")).toThrow(
      "working.a.x cannot be written: working.a is not a map.",
    );
    write(scope, new Set(), "working.b.x", 1, "overwrite");
    expect(scope.working).toEqual({ a: [1], b: { x: 1 } });
  });

  test("merging hostile data pollutes no prototype", () => {
    const hostile = parseMap(
      '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}',
    );
    const scope = makeScope({ vars: { x: { constructor: {} } } });
    write(scope, new Set(), "vars.x", hostile, "deep_merge");
    write(scope, new Set(), "vars.x", hostile, "deep_merge");
    write(scope, new Set(), "working.constructor.prototype.polluted", 1, "overwrite");
    expect({}).not.toHaveProperty("polluted");
    expect(scope.vars["x"]).not.toHaveProperty("polluted");
  });

  test("any sequence of appends and reads equals joining, and what was read stays", () => {
    const step = fc.record({ value: fc.array(fc.integer()), isRead: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step), fc.constantFrom("vars.x", "working.a.x"), (steps, target) => {
        const scope = makeScope();
        const reads: { seen: Json | undefined; expected: Json }[] = [];
        const joined: Json[] = [];
        for (const { value, isRead } of steps) {
          write(scope, new Set(), target, value, "append");
          joined.push(...value);
          if (isRead) reads.push({ seen: read(scope, target), expected: [...joined] });
        }
        for (const { seen, expected } of reads) expect(seen).toEqual(expected);
        if (steps.length > 0) expect(read(scope, target)).toEqual(joined);
      }),
    );
  });
});
