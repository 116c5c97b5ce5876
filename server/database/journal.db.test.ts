import { randomBytes } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { Journal, type FencedReason, type JournalSource } from "./journal.ts";
import type { SegmentWrite } from "./segment-write.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  return database.drop;
});

/** A new run's first segment. */
function segmentOf(runId: string): SegmentWrite {
  return {
    tenantId: "tnt_test",
    runId,
    leaseEpoch: 1,
    firstSeq: 1,
    lastSeq: 1,
    body: "[{}]",
    status: "running",
    headHash: "sha256:test",
    startedAt: null,
    finishedAt: null,
    isEnd: false,
    outputs: null,
    error: null,
    newRun: {
      skillId: "test.skill",
      skillVersion: "1.0.0",
      skillHash: "sha256:test",
      environment: "dev",
      ownerWorkerId: null,
      wakeAt: null,
      traceId: "0".repeat(32),
      parentRunId: null,
      lineageRootRunId: runId,
      sourceRunId: null,
      sourceCheckpointId: null,
      attributes: {},
      inputs: {},
      createdAt: 0,
    },
    isShared: false,
    effects: [],
    undone: [],
    approvals: [],
    commands: [],
    applied: [],
    snapshot: null,
  };
}

/** What becomes of one segment: `written`, or why not. */
function written(journal: Journal, write: SegmentWrite): Promise<"written" | FencedReason> {
  return new Promise((resolve, reject) => {
    let waiting: SegmentWrite | null = write;
    const source: JournalSource = {
      takeSegment: () => {
        const taken = waiting;
        waiting = null;
        return taken;
      },
      segmentWritten: () => resolve("written"),
      segmentFenced: (_write, reason) => resolve(reason),
      segmentUnwritable: reject,
    };
    journal.enqueue(source);
  });
}

test("data beyond a limit of PostgreSQL costs its own run only", async () => {
  const journal = new Journal(database.pool, { flushed() {}, stalled() {} });
  // No index holds a key of this size, and PostgreSQL says so with "program limit exceeded".
  const tooLong = `run_${randomBytes(8_000).toString("hex")}`;
  const outcomes = await Promise.all(
    ["run_a", tooLong, "run_b"].map((runId) => written(journal, segmentOf(runId))),
  );
  expect(outcomes).toEqual(["written", "refused", "written"]);
});
