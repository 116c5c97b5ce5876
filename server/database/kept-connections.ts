import { DatabaseError, type Pool, type PoolClient } from "pg";

/** After so long without a query the connections go back to their pool. */
const IDLE_MS = 250;

/**
 * Connections of a pool that are kept from one query to the next, for somebody who asks thousands of times a second:
 * taking and giving back is a twentieth of a small flush. As many are kept as queries were under way at once.
 */
export class KeptConnections {
  readonly #pool: Pool;
  #kept: PoolClient[] = [];
  #idle: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Lends a connection; one that failed is given up, one whose statement PostgreSQL refused is not. */
  async use<Result>(ask: (connection: PoolClient) => Promise<Result>): Promise<Result> {
    const connection = this.#kept.pop() ?? (await this.#pool.connect());
    try {
      const result = await ask(connection);
      this.#keep(connection);
      return result;
    } catch (error) {
      if (error instanceof DatabaseError && !isEnding(error)) this.#keep(connection);
      else connection.release(true);
      throw error;
    }
  }

  /** Gives back what is kept; a query that is under way gives its connection back at its end. */
  close(): void {
    this.#isClosed = true;
    this.#giveBack();
  }

  #keep(connection: PoolClient): void {
    if (this.#isClosed) {
      connection.release();
      return;
    }
    this.#kept.push(connection);
    if (this.#idle === null) this.#idle = setTimeout(() => this.#giveBack(), IDLE_MS).unref();
    else this.#idle.refresh();
  }

  #giveBack(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    const connections = this.#kept;
    this.#kept = [];
    for (const connection of connections) connection.release();
  }
}

/**
 * Errors after which a connection is of no use: PostgreSQL ends it, such as at its shutdown, or has forgotten statements
 * (class 26) that count as prepared here, as behind a pooler that swaps connections.
 */
function isEnding({ severity, code = "" }: DatabaseError): boolean {
  return severity === "FATAL" || severity === "PANIC" || code.startsWith("26");
}
