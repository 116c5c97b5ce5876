import { randomBytes } from "node:crypto";
import { Journal, type JournalSource } from "../server/database/journal.ts";
import type { SegmentWrite } from "../server/database/segment-write.ts";
import { INLINE_TENANT } from "../server/runtime/testing/inline-runtime.ts";
import { percentile, type Benchmark } from "./benchmark.ts";

const RUNS = 64;
const STEPS = 400;
/** As many as a step with an effect records in `effect-chain`. */
const EVENTS_PER_STEP = 7;

/** A run that does nothing but hand its next synthetic step to the journal as soon as the last one is durable. */
class SyntheticRun implements JournalSource {
  readonly runId = `run_${randomBytes(16).toString("hex")}`;
  readonly latenciesMs: number[] = [];
  readonly done: Promise<void>;
  readonly #journal: Journal;
  readonly #body: string;
  readonly #workerId: string;
  readonly #resolve: () => void;
  #steps = 0;
  #enqueuedAt = 0;

  constructor(journal: Journal, body: string, workerId: string) {
    this.#journal = journal;
    this.#body = body;
    this.#workerId = workerId;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.done = promise;
    this.#resolve = resolve;
  }

  next(): void {
    this.#enqueuedAt = performance.now();
    this.#journal.enqueue(this);
  }

  takeSegment(): SegmentWrite {
    const firstSeq = this.#steps * EVENTS_PER_STEP + 1;
    const lastSeq = firstSeq + EVENTS_PER_STEP - 1;
    this.#steps += 1;
    const isEnd = this.#steps === STEPS;
    const effect = {
      stepPath: "s",
      occurrence: "",
      capabilityId: "bench.value.write",
      bindingId: "b",
      bindingRevision: 1,
      effectClass: "write",
      idempotencyKey: `${this.runId}${firstSeq}`,
      requestHash: "sha256:synthetic",
      replayPolicy: "use_recorded_result",
      attempts: 1,
      compensatesEffectId: null,
      status: "recorded" as const,
      approvalId: null,
      responseHash: "sha256:synthetic",
      receipt: null,
      resultSequence: lastSeq,
      createdAt: Date.now(),
      updatedAt: Date.now(),
    };
    return {
      tenantId: INLINE_TENANT,
      runId: this.runId,
      leaseEpoch: 1,
      firstSeq,
      lastSeq,
      body: this.#body,
      status: isEnd ? "completed" : "running",
      headHash: "sha256:synthetic",
      startedAt: null,
      finishedAt: null,
      outputs: null,
      error: null,
      newRun:
        this.#steps > 1
          ? null
          : {
              skillId: "bench.journal",
              skillVersion: "1.0.0",
              skillHash: "sha256:synthetic",
              environment: "dev",
              ownerWorkerId: this.#workerId,
              wakeAt: null,
              traceId: "0".repeat(32),
              parentRunId: null,
              lineageRootRunId: this.runId,
              sourceRunId: null,
              sourceCheckpointId: null,
              attributes: {},
              inputs: {},
              createdAt: Date.now(),
            },
      isEnd,
      isShared: false,
      effects: isEnd
        ? Array.from({ length: STEPS }, (_, step) => ({
            ...effect,
            sequence: step * EVENTS_PER_STEP + 1,
          }))
        : [],
      undone: [],
      approvals: [],
      commands: [],
      applied: [],
      snapshot: null,
    };
  }

  segmentWritten(write: SegmentWrite): void {
    this.latenciesMs.push(performance.now() - this.#enqueuedAt);
    if (write.status === "completed") this.#resolve();
    else this.next();
  }

  segmentUnwritable(error: unknown): void {
    throw error;
  }

  segmentFenced(): void {
    throw new Error("the synthetic run was fenced");
  }
}

/** The journal alone, on events of the size and number that `effect-chain` writes: the practical limit of the engine. */
export const JOURNAL_RAW: Benchmark = {
  name: "journal-raw",
  question: "How many events per second can the journal write, with nothing else to do?",
  async measure({ database, runtime, clear }) {
    await clear();
    const journal = new Journal(database.pool, {
      flushed() {},
      stalled(error) {
        throw error;
      },
    });
    const event = JSON.stringify({
      type: "step.completed",
      at: Date.now(),
      payload: { step_id: "s0", output: "x".repeat(120) },
    });
    const body = `[${Array.from({ length: EVENTS_PER_STEP }, () => event).join(",")}]`;
    const runs = Array.from(
      { length: RUNS },
      () => new SyntheticRun(journal, body, runtime.workerId),
    );
    const startedAt = performance.now();
    for (const run of runs) run.next();
    await Promise.all(runs.map((run) => run.done));
    const seconds = (performance.now() - startedAt) / 1000;
    const latencies = runs.flatMap((run) => run.latenciesMs);
    return {
      name: "journal-raw",
      n: RUNS * STEPS,
      c: RUNS,
      runs_s: null,
      steps_s: (RUNS * STEPS) / seconds,
      events_s: (RUNS * STEPS * EVENTS_PER_STEP) / seconds,
      p50_ms: percentile(latencies, 0.5),
      p99_ms: percentile(latencies, 0.99),
    };
  },
};
