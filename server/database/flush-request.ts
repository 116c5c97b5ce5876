import type { Connection, Submittable } from "pg";
import { serialize } from "pg-protocol";
import type { FlushQuery } from "./journal-statement.ts";

declare module "pg" {
  /** What is kept of a connection's prepared statements, by name; one that PostgreSQL refused is forgotten. */
  interface Connection {
    parsedStatements: Record<string, string | undefined>;
    submittedNamedStatements: Record<string, string | undefined>;
  }
}

const EXECUTE_AND_SYNC = Buffer.concat([serialize.execute(), serialize.sync()]);

/**
 * A flush on its way, for `Client.query`. It leaves as one write to the socket and does not ask for the description of
 * its answer, which is known to be one column of run ids: a twentieth of the round trip of a small flush.
 */
export class FlushRequest implements Submittable {
  readonly name: string;
  readonly text: string;
  readonly #values: FlushQuery["values"];
  readonly #runIds: string[] = [];
  /** The runs that were written. Rejects with what PostgreSQL answered, or with why nobody knows. */
  readonly writtenRunIds: Promise<string[]>;
  #resolve!: (runIds: string[]) => void;
  #reject!: (error: unknown) => void;

  constructor({ name, text, values }: FlushQuery) {
    this.name = name;
    this.text = text;
    this.#values = values;
    this.writtenRunIds = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: Connection): void {
    const { name, text } = this;
    const messages = [serialize.bind({ statement: name, values: this.#values }), EXECUTE_AND_SYNC];
    const isKnown = [connection.parsedStatements, connection.submittedNamedStatements].some(
      (statements) => statements[name] !== undefined,
    );
    if (!isKnown) {
      messages.unshift(serialize.parse({ name, text }));
      connection.submittedNamedStatements[name] = text;
    }
    if (connection.stream.writable) connection.stream.write(Buffer.concat(messages));
  }

  handleDataRow({ fields: [runId] }: { fields: (string | null)[] }): void {
    this.#runIds.push(runId ?? "");
  }

  handleCommandComplete(): void {}

  handleError(error: unknown): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#runIds);
  }
}
