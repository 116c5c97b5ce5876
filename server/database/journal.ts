import { DatabaseError, type Pool } from "pg";
import { FlushRequest } from "./flush-request.ts";
import { flushQuery } from "./journal-statement.ts";
import { KeptConnections } from "./kept-connections.ts";
import type { SegmentWrite } from "./segment-write.ts";

/** A run whose facts the journal writes. */
export type JournalSource = {
  /** Hands over everything that waits, or null. Not called again before the hand-over's outcome was told. */
  takeSegment(): SegmentWrite | null;
  /** The segment is durable. */
  segmentWritten(write: SegmentWrite): void;
  /** The facts cannot even be written down; this copy of the run is worthless. */
  segmentUnwritable(error: unknown): void;
  /** Nothing was written: the lease or the race is lost, and this copy of the run is worthless. */
  segmentFenced(write: SegmentWrite, reason: FencedReason): void;
};

/** `refused`: PostgreSQL rejects the data itself, so that writing it again would fail for ever. */
export type FencedReason = "lease_lost" | "effect_key_taken" | "refused";

export type JournalObserver = {
  /** Called before a flush is sent and after it was answered: where crash tests end the process. */
  reached?(point: "before_commit" | "after_commit"): void;
  flushed(segments: number, events: number, durationMs: number): void;
  stalled(error: unknown): void;
};

/** Flushes under way at once: while PostgreSQL writes one, the program prepares the other. */
const LANES = 2;
/** Runs per flush; more would make a commit wait for a long statement. */
const MAX_SEGMENTS_PER_FLUSH = 512;
/** No more waiting text is taken into a flush beyond this; a parameter of PostgreSQL holds 1 GB. */
const MAX_CHARACTERS_PER_FLUSH = 64 * 1024 * 1024;
/** So few go out together; more are shared among the free lanes, so that the program works while PostgreSQL does. */
const MIN_SHARED_SEGMENTS = 4;
const RETRY_MS = [20, 50, 100, 250, 500, 1000];

/**
 * Group commit (`contract.md` §6): the waiting facts of all dirty runs go out together, one statement a flush. While
 * the database is away the journal holds what it has and tries again; nothing is acknowledged meanwhile.
 */
export class Journal {
  readonly #pool: Pool;
  readonly #connections: KeptConnections;
  readonly #observer: JournalObserver;
  readonly #dirty = new Set<JournalSource>();
  readonly #busy = new Set<JournalSource>();
  #flushing = 0;
  #isScheduled = false;
  #isClosed = false;

  constructor(pool: Pool, observer: JournalObserver) {
    this.#pool = pool;
    this.#connections = new KeptConnections(pool);
    this.#observer = observer;
  }

  /** Says that the run has facts to write. They go out with the next flush. */
  enqueue(source: JournalSource): void {
    this.#dirty.add(source);
    this.#schedule();
  }

  /** Resolves once nothing waits and nothing is under way. */
  async drain(): Promise<void> {
    while (this.#flushing > 0 || this.#dirty.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** Stops trying: what could not be written yet stays unwritten, and recovery takes it up. */
  close(): void {
    this.#isClosed = true;
    this.#dirty.clear();
    this.#connections.close();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#flushing >= LANES || this.#isClosed) return;
    this.#isScheduled = true;
    // After the current turn, so that all runs that became dirty in it share the commit.
    setImmediate(() => {
      this.#isScheduled = false;
      void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    const batch = this.#takeBatch();
    if (batch.length === 0) return;
    this.#flushing += 1;
    if (this.#dirty.size > 0) this.#schedule();
    const startedAt = performance.now();
    try {
      await this.#write(batch);
      this.#observeFlush(batch, startedAt);
    } catch (error) {
      // A listener's mistake must not keep the other runs of the batch from being written ever again.
      this.#observer.stalled(error);
    } finally {
      for (const { source } of batch) this.#busy.delete(source);
      this.#flushing -= 1;
      if (this.#dirty.size > 0) this.#schedule();
    }
  }

  #observeFlush(batch: Batch, startedAt: number): void {
    const events = batch.reduce((sum, { write }) => sum + write.lastSeq - write.firstSeq + 1, 0);
    this.#observer.flushed(batch.length, events, performance.now() - startedAt);
  }

  #takeBatch(): Batch {
    const batch: Batch = [];
    const share = Math.ceil(this.#dirty.size / Math.max(LANES - this.#flushing, 1));
    const most = Math.min(Math.max(share, MIN_SHARED_SEGMENTS), MAX_SEGMENTS_PER_FLUSH);
    let characters = 0;
    for (const source of this.#dirty) {
      if (batch.length >= most || characters > MAX_CHARACTERS_PER_FLUSH) break;
      if (this.#busy.has(source)) continue;
      this.#dirty.delete(source);
      const write = takeFrom(source);
      if (write === null) continue;
      characters += write.body?.length ?? 0;
      this.#busy.add(source);
      batch.push({ source, write });
    }
    return batch;
  }

  async #write(batch: Batch): Promise<void> {
    const written = await this.#writeUntilAnswered(batch.map(({ write }) => write));
    if (written === null) return;
    for (const { source, write } of batch) {
      this.#busy.delete(source);
      const reason = written.get(write.runId);
      if (reason === undefined) source.segmentFenced(write, "lease_lost");
      else if (reason === "written") source.segmentWritten(write);
      else source.segmentFenced(write, reason);
    }
  }

  /** What became of each run; a run that is missing was fenced. Null once the journal was closed. */
  async #writeUntilAnswered(
    writes: SegmentWrite[],
  ): Promise<Map<string, "written" | FencedReason> | null> {
    for (let attempt = 0; !this.#isClosed; attempt += 1) {
      try {
        return attempt === 0 ? await this.#writeAll(writes) : await this.#writeAgain(writes);
      } catch (error) {
        if (isRefusal(error)) return await this.#writeOneByOne(writes);
        this.#observer.stalled(error);
        await new Promise((resolve) =>
          setTimeout(resolve, RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]),
        );
      }
    }
    return null;
  }

  async #writeAll(writes: readonly SegmentWrite[]): Promise<Map<string, "written" | FencedReason>> {
    this.#observer.reached?.("before_commit");
    const request = new FlushRequest(flushQuery(writes));
    const runIds = await this.#connections.use(
      (connection) => connection.query(request).writtenRunIds,
    );
    this.#observer.reached?.("after_commit");
    return new Map(runIds.map((runId) => [runId, "written" as const]));
  }

  /**
   * After a lost connection nobody knows whether the commit happened. A head that stands at the segment's last
   * sequence under the same lease can only be this process's own doing, so such runs count as written.
   */
  async #writeAgain(
    writes: readonly SegmentWrite[],
  ): Promise<Map<string, "written" | FencedReason>> {
    // Rows without events leave no mark on the head, and may be written twice.
    const marked = writes.filter((write) => write.body !== null);
    const done = await alreadyWritten(this.#pool, marked);
    const rest = writes.filter((write) => !done.has(write.runId));
    const written = rest.length === 0 ? new Map<string, "written">() : await this.#writeAll(rest);
    // The first statement may have been under way still, and have committed while the second waited for its rows.
    const missing = marked.filter((write) => !done.has(write.runId) && !written.has(write.runId));
    const late =
      missing.length === 0 ? new Set<string>() : await alreadyWritten(this.#pool, missing);
    return new Map([...[...done, ...late].map((runId) => [runId, "written"] as const), ...written]);
  }

  /** One run's data (such as an effect key that lives elsewhere) would refuse the whole flush: each goes alone. */
  async #writeOneByOne(
    writes: readonly SegmentWrite[],
  ): Promise<Map<string, "written" | FencedReason>> {
    const outcome = new Map<string, "written" | FencedReason>();
    for (const write of writes) {
      try {
        for (const [runId, result] of await this.#writeAll([write])) outcome.set(runId, result);
      } catch (error) {
        if (isRefusal(error)) {
          outcome.set(write.runId, isKeyTaken(error) ? "effect_key_taken" : "refused");
          if (!isKeyTaken(error)) this.#observer.stalled(error);
          continue;
        }
        const written = await this.#writeUntilAnswered([write]);
        for (const [runId, result] of written ?? []) outcome.set(runId, result);
      }
    }
    return outcome;
  }
}

function takeFrom(source: JournalSource): SegmentWrite | null {
  try {
    return source.takeSegment();
  } catch (error) {
    source.segmentUnwritable(error);
    return null;
  }
}

type Batch = { source: JournalSource; write: SegmentWrite }[];

function isKeyTaken(error: unknown): boolean {
  return error instanceof DatabaseError && error.constraint === "effects_held_key";
}

/** Errors of the data or the statement, which would come again: broken data, constraints, statements, limits. */
function isRefusal(error: unknown): boolean {
  return error instanceof DatabaseError && /^(0A|21|22|23|42|44|54)/.test(error.code ?? "");
}

async function alreadyWritten(pool: Pool, writes: readonly SegmentWrite[]): Promise<Set<string>> {
  const { rows } = await pool.query<{ run_id: string }>(
    `SELECT r.run_id FROM runs r
     JOIN unnest($1::text[], $2::text[], $3::int[], $4::int[]) AS i (tenant_id, run_id, lease_epoch, last_seq)
       ON r.tenant_id = i.tenant_id AND r.run_id = i.run_id
     WHERE r.lease_epoch = i.lease_epoch AND r.head_sequence = i.last_seq`,
    [
      writes.map((write) => write.tenantId),
      writes.map((write) => write.runId),
      writes.map((write) => write.leaseEpoch),
      writes.map((write) => write.lastSeq),
    ],
  );
  return new Set(rows.map((row) => row.run_id));
}
