import type { Json } from "./json.ts";
import { syntaxError } from "./syntax-error.ts";
import { tokenize, type Dialect, type Token } from "./tokens.ts";

export const COMPARISONS = ["==", "!=", ">", "<", ">=", "<=", "in", "not in"] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** A parsed expression. `onRight`: the name stands right of a comparison, where predicates allow bare words. */
export type ExpressionTree =
  | { kind: "literal"; value: Json }
  | { kind: "name"; name: string; onRight: boolean }
  | { kind: "list"; items: ExpressionTree[] }
  | { kind: "not"; operand: ExpressionTree }
  | { kind: "and" | "or"; operands: ExpressionTree[] }
  | { kind: "compare"; operator: Comparison; left: ExpressionTree; right: ExpressionTree };

/** Nesting of parentheses, lists and `not`. Keeps parsing and evaluation far from the end of the stack. */
const MAX_DEPTH = 200;

/** Parses a whole source. DomainError `invalid_request` with the column of the first mistake. */
export function parseTree(source: string, dialect: Dialect): ExpressionTree {
  return new TreeParser(source, dialect).parse();
}

/** Recursive descent, one method per level: or < and < not < one comparison < value. */
class TreeParser {
  private readonly source: string;
  private readonly dialect: Dialect;
  private readonly tokens: Token[];
  private at = 0;
  private depth = 0;
  private onRight = false;

  constructor(source: string, dialect: Dialect) {
    this.source = source;
    this.dialect = dialect;
    this.tokens = tokenize(source, dialect);
  }

  parse(): ExpressionTree {
    if (this.peek().kind === "end") throw this.error(`the ${this.dialect} is empty`);
    const tree = this.or();
    if (this.peek().kind === "end") return tree;
    throw this.comparison() === null
      ? this.unexpected()
      : this.error("comparisons cannot be chained", "Join two comparisons with and.");
  }

  private or(): ExpressionTree {
    return this.joined("or", () => this.joined("and", () => this.not()));
  }

  private joined(kind: "and" | "or", operand: () => ExpressionTree): ExpressionTree {
    const first = operand();
    if (!this.takeWord(kind)) return first;
    const operands = [first, operand()];
    while (this.takeWord(kind)) operands.push(operand());
    return { kind, operands };
  }

  private not(): ExpressionTree {
    if (!this.takeWord("not")) return this.compared();
    return { kind: "not", operand: this.nested(() => this.not()) };
  }

  private compared(): ExpressionTree {
    const left = this.value();
    const operator = this.comparison();
    if (operator === null) return left;
    this.at += operator === "not in" ? 2 : 1;
    const outer = this.onRight;
    this.onRight = true;
    const takesTuple = this.dialect === "predicate" && (operator === "in" || operator === "not in");
    const right = takesTuple && this.isSymbol("(") ? this.tuple() : this.value();
    this.onRight = outer;
    return { kind: "compare", operator, left, right };
  }

  /** The comparison that comes next, which stays where it is. */
  private comparison(): Comparison | null {
    const { kind, text } = this.peek();
    if (kind !== "symbol" && kind !== "name") return null;
    const next = this.tokens[this.at + 1];
    const isNotIn = text === "not" && next?.kind === "name" && next.text === "in";
    return COMPARISONS.find((operator) => operator === (isNotIn ? "not in" : text)) ?? null;
  }

  private value(): ExpressionTree {
    const token = this.peek();
    switch (token.kind) {
      case "string":
      case "number":
        this.at++;
        return { kind: "literal", value: token.value };
      case "name":
        return this.name(token.text);
      case "symbol":
        if (this.takeSymbol("-")) return this.negative();
        if (this.takeSymbol("[")) return { kind: "list", items: this.items("]") };
        if (this.takeSymbol("(")) return this.parenthesised();
        throw this.unexpected();
      case "end":
        throw this.unexpected();
    }
  }

  private name(name: string): ExpressionTree {
    switch (name) {
      case "or":
      case "and":
      case "not":
      case "in":
        throw this.unexpected();
      case "true":
      case "false":
        this.at++;
        return { kind: "literal", value: name === "true" };
      case "null":
      case "none":
        this.at++;
        return { kind: "literal", value: null };
      default:
        this.at++;
        return { kind: "name", name, onRight: this.onRight };
    }
  }

  private negative(): ExpressionTree {
    const token = this.peek();
    if (token.kind !== "number") {
      throw this.error("a minus sign is not followed by a number", "Only numbers can be negative.");
    }
    this.at++;
    return { kind: "literal", value: 0 - token.value };
  }

  private parenthesised(): ExpressionTree {
    const inner = this.nested(() => this.or());
    if (!this.takeSymbol(")")) throw this.expected(")");
    return inner;
  }

  /** `('a', 'b')` after `in`; one name or comparison in parentheses stays what it is. */
  private tuple(): ExpressionTree {
    this.takeSymbol("(");
    const items = this.items(")");
    const [only] = items;
    const isTuple = items.length !== 1 || only?.kind === "literal" || this.isAfterComma();
    return isTuple || only === undefined ? { kind: "list", items } : only;
  }

  private isAfterComma(): boolean {
    return this.tokens[this.at - 2]?.text === ",";
  }

  /** Items up to the closing symbol, which may follow a comma. */
  private items(close: "]" | ")"): ExpressionTree[] {
    const items: ExpressionTree[] = [];
    while (!this.takeSymbol(close)) {
      items.push(this.nested(() => this.or()));
      if (!this.takeSymbol(",") && !this.isSymbol(close)) throw this.expected(close);
    }
    return items;
  }

  private nested(parse: () => ExpressionTree): ExpressionTree {
    if (this.depth === MAX_DEPTH) throw this.error(`nesting is deeper than ${MAX_DEPTH} levels`);
    this.depth++;
    const tree = parse();
    this.depth--;
    return tree;
  }

  private peek(): Token {
    return this.tokens[this.at] ?? { kind: "end", text: "", column: this.source.length + 1 };
  }

  private isSymbol(text: string): boolean {
    return this.peek().kind === "symbol" && this.peek().text === text;
  }

  private takeSymbol(text: string): boolean {
    if (!this.isSymbol(text)) return false;
    this.at++;
    return true;
  }

  private takeWord(text: string): boolean {
    if (this.peek().kind !== "name" || this.peek().text !== text) return false;
    this.at++;
    return true;
  }

  private expected(symbol: string): Error {
    const found = this.peek().kind === "end" ? "the end" : `"${this.peek().text}"`;
    return this.error(`expected "${symbol}" but found ${found}`);
  }

  private unexpected(): Error {
    return this.error(
      this.peek().kind === "end"
        ? "a value is missing at the end"
        : `unexpected "${this.peek().text}"`,
    );
  }

  private error(problem: string, hint?: string): Error {
    return syntaxError(this.source, this.peek().column, problem, hint);
  }
}
