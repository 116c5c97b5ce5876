import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DomainError } from "./errors.ts";
import { isTruthy, parseExpression } from "./expressions.ts";
import type { Json, JsonObject } from "./json.ts";
import { makeScope, type Scope } from "./scope.ts";

function evaluate(source: string, scope: Partial<Scope> = {}, locals: string[] = []): Json {
  return parseExpression(source, locals).evaluate(makeScope(scope));
}

function refusalOf(source: string): DomainError {
  try {
    parseExpression(source);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error(`${source} was not refused`);
}

describe("values", () => {
  test.each<[string, Json]>([
    ["1", 1],
    ["1.50", 1.5],
    ["-1", -1],
    ["- 2.5", -2.5],
    ["'it'", "it"],
    ['"it\'s"', "it's"],
    [String.raw`'a\n'`, String.raw`a\n`],
    ["true", true],
    ["false", false],
    ["null", null],
    ["none", null],
    ["[]", []],
    ["[1, 'a', [true], vars.x]", [1, "a", [true], 9]],
    ["[1, 2,]", [1, 2]],
    ["(((1)))", 1],
    ["vars.x", 9],
    ["x", 9],
    ["inputs.a.b", 2],
    ["vars.list.1", 20],
    ["vars.missing", null],
    ["missing", null],
    ["missing.deeper", null],
    ["working.a.b", null],
  ])("%s is %j", (source, value) => {
    const scope = { vars: { x: 9, list: [10, 20] }, inputs: { a: { b: 2 } } };
    expect(evaluate(source, scope)).toEqual(value);
  });

  test("a bare name is a local if it is declared, and one of vars otherwise", () => {
    const scope = { vars: { item: "var", signal: { ok: 1 } }, locals: { item: { n: 1 } } };
    expect(evaluate("item.n", scope, ["item"])).toBe(1);
    expect(evaluate("item", scope)).toBe("var");
    expect(evaluate("signal.ok", scope)).toBe(1);
  });

  test("references lists each place once", () => {
    const { references } = parseExpression("x > 1 and vars.x < 5 and item in inputs.list", [
      "item",
    ]);
    expect(references).toEqual([
      { namespace: "vars", path: ["x"], source: "vars.x" },
      { namespace: "locals", path: ["item"], source: "item" },
      { namespace: "inputs", path: ["list"], source: "inputs.list" },
    ]);
  });
});

describe("operators", () => {
  test.each<[string, Json]>([
    // precedence: or < and < not < comparison
    ["true or false and false", true],
    ["(true or false) and false", false],
    ["not 1 == 2", true],
    ["not true or true", true],
    ["not not 1", true],
    ["not (true and true)", false],
    // operands and Python truth
    ["0 or 'x'", "x"],
    ["'' or [] or null", null],
    ["1 and 'y'", "y"],
    ["[] and 'y'", []],
    ["vars.empty or 'none'", "none"],
    // equality
    ["1 == true", true],
    ["0 == false", true],
    ["1 == 1.0", true],
    ["'1' == 1", false],
    ["null == false", false],
    ["null == null", true],
    ["[1, [true]] == [true, [1]]", true],
    ["[1, 2] == [2, 1]", false],
    ["[1, null] == [1]", false],
    ["vars.empty == []", false],
    ["[] == vars.empty", false],
    ["vars.map == vars.larger", false],
    ["vars.nulls == vars.others", false],
    ["vars.map == vars.same", true],
    ["vars.map != vars.empty", true],
    ["1 != 2", true],
    // ordering coerces both sides
    ["2 > 1", true],
    ["'10' > 9", true],
    ["' 1.5 ' <= '1.5'", true],
    ["true >= 1", true],
    ["-2 < -1", true],
    ["'1e3' > 999", true],
    ["null < 1", false],
    ["null >= null", false],
    ["'' < 1", false],
    ["'abc' > 'abb'", false],
    ["'0x10' > 1", false],
    ["[2] > 1", false],
    ["vars.map > 1", false],
    // membership
    ["2 in [1, 2]", true],
    ["true in [1]", true],
    ["[1] in [[1]]", true],
    ["3 not in [1, 2]", true],
    ["'el' in 'hello'", true],
    ["1 in '123'", false],
    ["'a' in vars.map", true],
    ["'z' in vars.map", false],
    ["'constructor' in vars.map", false],
    ["1 in null", false],
    ["1 not in null", true],
    ["1 in 5", false],
    ["'x' in missing", false],
    ["'x' not in missing", true],
  ])("%s is %j", (source, value) => {
    const vars = {
      map: { a: 1, b: [true] },
      same: { b: [1], a: 1 },
      larger: { a: 1, b: [true], c: 1 },
      nulls: { a: null },
      others: { b: null },
      empty: {},
    };
    expect(evaluate(source, { vars })).toEqual(value);
  });

  test("equality of any depth does not run out of stack", () => {
    const deep = (): Json => JSON.parse("[".repeat(9000) + "]".repeat(9000));
    expect(evaluate("a == b", { vars: { a: deep(), b: deep() } })).toBe(true);
  });

  test("a long chain of operands does not run out of stack", () => {
    expect(evaluate(Array.from({ length: 20_000 }, () => "x").join(" or "))).toBeNull();
    expect(evaluate(Array.from({ length: 20_000 }, () => "1").join(" and "))).toBe(1);
  });
});

describe("mistakes", () => {
  test.each([
    ["", 1, "empty"],
    ["   ", 4, "empty"],
    ["a ! b", 3, 'unknown character "!"'],
    ["a = b", 3, 'unknown character "="'],
    ["a + b", 3, 'unknown character "+"'],
    ["a && b", 3, 'unknown character "&"'],
    ["x == 😀", 6, 'unknown character "😀"'],
    ["vars.", 5, 'unknown character "."'],
    ["'open", 1, "not closed"],
    ['a == "open', 6, "not closed"],
    ["a -b", 3, 'unexpected "-"'],
    ["-a", 2, "minus"],
    ["--1", 2, "minus"],
    ["1 2", 3, 'unexpected "2"'],
    ["1e5", 2, 'unexpected "e5"'],
    ["a b", 3, 'unexpected "b"'],
    ["a ==", 5, "missing at the end"],
    ["a and", 6, "missing at the end"],
    ["and a", 1, 'unexpected "and"'],
    ["a == not b", 6, 'unexpected "not"'],
    ["a not b", 3, 'unexpected "not"'],
    ["1 < 2 < 3", 7, "chained"],
    ["a in b not in c", 8, "chained"],
    ["(a", 3, 'expected ")" but found the end'],
    ["(1, 2)", 3, 'expected ")" but found ","'],
    ["[1, 2", 6, 'expected "]"'],
    ["[1 2]", 4, 'expected "]" but found "2"'],
    ["[,]", 2, 'unexpected ","'],
    ["a)", 2, 'unexpected ")"'],
    ["9".repeat(400), 1, "too large"],
  ])("%j is refused at column %i", (source, column, problem) => {
    const error = refusalOf(source);
    expect(error.code).toBe("invalid_request");
    expect(error.message).toContain(problem);
    expect(error.message).toContain(`at column ${column}.`);
    expect(error.details).toEqual({ source, column });
  });

  test.each([
    ["parentheses", "(".repeat(100_000)],
    ["lists", "[".repeat(100_000)],
    ["not", "not ".repeat(100_000)],
  ])("nesting of %s beyond 200 levels is refused", (_, source) => {
    expect(refusalOf(source).message).toContain("nesting is deeper than 200 levels");
  });

  test("nesting of 200 levels is read", () => {
    expect(evaluate(`${"(".repeat(200)}1${")".repeat(200)}`)).toBe(1);
  });

  test("the message quotes only the neighbourhood of a long source", () => {
    expect(refusalOf(`${"a or ".repeat(1000)}#`).message.length).toBeLessThan(200);
  });
});

test.each<[Json, boolean]>([
  [null, false],
  [false, false],
  [true, true],
  [0, false],
  [-0.5, true],
  ["", false],
  ["0", true],
  [[], false],
  [[0], true],
  [{}, false],
  [{ a: null }, true],
])("the truth of %j is %j", (value, truth) => {
  expect(isTruthy(value)).toBe(truth);
});

describe("properties", () => {
  test("any text is an expression or a DomainError whose column lies in it", () => {
    const fragment = fc.constantFrom(
      "vars.x",
      "and",
      "or",
      "not",
      "in",
      "==",
      "<",
      "(",
      ")",
      "[",
      "]",
      ",",
      "-",
      "1",
      "'a'",
      " ",
      ".",
      "=",
      "é",
    );
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(fragment).map((parts) => parts.join(" ")),
    );
    fc.assert(
      fc.property(text, (source) => {
        try {
          parseExpression(source).evaluate(makeScope());
        } catch (error) {
          if (!(error instanceof DomainError)) throw error;
          const column = Number(error.details?.["column"]);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(column).toBeLessThanOrEqual(source.length + 1);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("printing and parsing a tree keeps its meaning, with as few parentheses as the grammar needs", () => {
    fc.assert(
      fc.property(node, scopeVars, (tree, vars) => {
        const { value, references } = parse(print(tree, 0), vars);
        expect(value).toEqual(interpret(tree, vars));
        expect(references.every((source) => source.startsWith("vars."))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

function parse(source: string, vars: JsonObject) {
  const expression = parseExpression(source);
  return {
    value: expression.evaluate(makeScope({ vars })),
    references: expression.references.map((reference) => reference.source),
  };
}

type Node =
  | { op: "literal"; value: Json }
  | { op: "name"; name: string }
  | { op: "list"; items: Node[] }
  | { op: "not"; of: Node }
  | { op: "and" | "or" | "==" | "<" | "in" | "not in"; left: Node; right: Node };

const scopeVars = fc.record({
  x: fc.oneof(fc.integer(), fc.constant(null), fc.constant("a")),
  y: fc.oneof(fc.array(fc.integer({ min: 0, max: 3 })), fc.constant({ a: 1 }), fc.boolean()),
});

const { node } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.record({
      op: fc.constant("literal" as const),
      value: fc.oneof(
        fc.integer({ min: -3, max: 3 }),
        fc.constantFrom<Json>("", "a", "ab", true, false, null, 1.5),
      ),
    }),
    fc.record({
      op: fc.constant("name" as const),
      name: fc.constantFrom("x", "y", "vars.x", "gone"),
    }),
    fc.record({ op: fc.constant("list" as const), items: fc.array(tie("node"), { maxLength: 3 }) }),
    fc.record({ op: fc.constant("not" as const), of: tie("node") }),
    fc.record({
      op: fc.constantFrom("and" as const, "or", "==", "<", "in", "not in"),
      left: tie("node"),
      right: tie("node"),
    }),
  ),
}));

const LEVEL = {
  or: 0,
  and: 1,
  not: 2,
  "==": 3,
  "<": 3,
  in: 3,
  "not in": 3,
  list: 4,
  literal: 4,
  name: 4,
};

/** Parentheses where the node binds weaker than its place needs. */
function print(tree: Node, level: number): string {
  const text = printBare(tree);
  return LEVEL[tree.op] < level ? `(${text})` : text;
}

function printBare(tree: Node): string {
  switch (tree.op) {
    case "literal":
      return JSON.stringify(tree.value);
    case "name":
      return tree.name;
    case "list":
      return `[${tree.items.map((item) => print(item, 0)).join(", ")}]`;
    case "not":
      return `not ${print(tree.of, 2)}`;
    case "and":
    case "or":
    case "==":
    case "<":
    case "in":
    case "not in": {
      const level = LEVEL[tree.op];
      return `${print(tree.left, level + (level === 3 ? 1 : 0))} ${tree.op} ${print(tree.right, level + 1)}`;
    }
  }
}

function interpret(tree: Node, vars: JsonObject): Json {
  switch (tree.op) {
    case "literal":
      return tree.value;
    case "name":
      return vars[tree.name.replace("vars.", "")] ?? null;
    case "list":
      return tree.items.map((item) => interpret(item, vars));
    case "not":
      return !truth(interpret(tree.of, vars));
    case "and": {
      const left = interpret(tree.left, vars);
      return truth(left) ? interpret(tree.right, vars) : left;
    }
    case "or": {
      const left = interpret(tree.left, vars);
      return truth(left) ? left : interpret(tree.right, vars);
    }
    case "==":
      return same(interpret(tree.left, vars), interpret(tree.right, vars));
    case "<":
      return float(interpret(tree.left, vars)) < float(interpret(tree.right, vars));
    case "in":
      return holds(interpret(tree.right, vars), interpret(tree.left, vars));
    case "not in":
      return !holds(interpret(tree.right, vars), interpret(tree.left, vars));
  }
}

/** The same rules, said differently: through the text of a value whose booleans are numbers. */
function same(left: Json, right: Json): boolean {
  const text = (value: Json) =>
    JSON.stringify(value, (_, part: Json) => (typeof part === "boolean" ? Number(part) : part));
  return text(left) === text(right);
}

function truth(value: Json): boolean {
  return !["null", "false", "0", '""', "[]", "{}"].includes(JSON.stringify(value));
}

function float(value: Json): number {
  if (typeof value === "string") return value === "" ? Number.NaN : Number.parseFloat(value);
  return typeof value === "object" ? Number.NaN : Number(value);
}

function holds(container: Json, value: Json): boolean {
  if (typeof container === "string") return typeof value === "string" && container.includes(value);
  if (Array.isArray(container)) return container.some((item) => same(item, value));
  return (
    typeof container === "object" &&
    container !== null &&
    typeof value === "string" &&
    Object.keys(container).includes(value)
  );
}
