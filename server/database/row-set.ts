/** How a column's values are read from a row; null and the empty text are both NULL in SQL. */
type Column<Row> = {
  type: "text" | "int" | "float8";
  read: (row: Row) => string | number | null;
};

/** Between values. No id, hash or JSON text holds it; where it could come from outside, it is taken out. */
const SEPARATOR = "\u001f";

/** How many rows a statement is written for: one travels as plain parameters, which PostgreSQL starts up faster. */
export type RowCount = "one" | "many";

/**
 * Rows as parameters of a statement. Many go as one text per column: PostgreSQL splits a joined text faster than it
 * parses an array literal, and joining costs the program next to nothing, while a literal must be escaped.
 */
export class RowSet<Row> {
  readonly #columns: [name: string, column: Column<Row>][];

  constructor(columns: Record<string, Column<Row>>) {
    this.#columns = Object.entries(columns);
  }

  get width(): number {
    return this.#columns.length;
  }

  /** A row source named `alias` over the placeholders from `$first` on. Many: a shorter column is filled up with NULLs. */
  toSql(alias: string, first: number, count: RowCount): string {
    if (count === "one") {
      const values = this.#columns.map(
        ([name, { type }], index) => `$${first + index}::${type} AS ${name}`,
      );
      return `(SELECT ${values.join(", ")}) AS ${alias}`;
    }
    const arrays = this.#columns.map(
      ([, { type }], index) => `string_to_array($${first + index}, E'\\x1f', '')::${type}[]`,
    );
    const names = this.#columns.map(([name]) => name);
    return `unnest(${arrays.join(", ")}) AS ${alias} (${names.join(", ")})`;
  }

  /** The parameters for the rows, in the order of the placeholders. */
  toParameters(rows: readonly Row[]): (string | null)[] {
    const [only] = rows;
    if (rows.length !== 1 || only === undefined) {
      return this.#columns.map(([, { read }]) =>
        rows.map((row) => read(row) ?? "").join(SEPARATOR),
      );
    }
    return this.#columns.map(([, { read }]) => {
      const value = read(only);
      return value === null || value === "" ? null : String(value);
    });
  }
}

/** What a statement for these rows is written for. */
export function rowCountOf(rows: readonly unknown[]): RowCount {
  return rows.length === 1 ? "one" : "many";
}

/** A text from outside, without the character that separates values. */
export function separable(text: string): string {
  return text.includes(SEPARATOR) ? text.replaceAll(SEPARATOR, " ") : text;
}
