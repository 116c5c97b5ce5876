import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { storedText } from "../../core/run-events.ts";
import { loadHistoryUntil } from "../database/checkpoint-loader.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import { createCheckpointStates } from "./checkpoint-states.ts";
import type { Runtime } from "./runtime.ts";
import { inlineCatalog } from "./testing/inline-catalog.ts";
import { INLINE_TENANT, startInlineRun, startInlineRuntime } from "./testing/inline-runtime.ts";
import { RunProbe } from "./testing/run-probe.ts";

const ITEM = "x".repeat(1_000);
const SIZES = [250, 500, 1_000, 5_000];
const catalog = inlineCatalog({
  capabilities: [
    { id: "test.value.item", outputs: ["value"] },
    { id: "test.value.write", outputs: ["value"], effect: "write" },
  ],
  skills: SIZES.map((size) => ({
    id: `test.grow.by${size}`,
    version: "1.0.0",
    name: "Grow",
    description: "Appends to a list at each step.",
    steps: Array.from({ length: size }, (_, index) => ({
      id: `s${String(index).padStart(4, "0")}`,
      // A call that acts waits for everything before it to be written: so often at least there is a flush.
      uses: index % 25 === 24 ? "test.value.write" : "test.value.item",
      output: { value: "vars.list" },
      config: { merge_strategy: "append" },
    })),
  })),
});
const catalogs = { getCatalog: () => Promise.resolve(catalog), forget: () => {} };

let database: TestDatabase;
let runtime: Runtime;
let probe: RunProbe;
beforeAll(async () => {
  database = await createTestDatabase();
  probe = new RunProbe(database);
  runtime = await startInlineRuntime({
    pool: database.pool,
    connectionString: database.connectionString,
    catalog,
    functions: {
      "test.value.item": () => ({ value: [ITEM] }),
      "test.value.write": () => ({ value: [ITEM] }),
    },
  });
  return async () => {
    await runtime.stop();
    await database.drop();
  };
});

const StoredSchema = z.object({
  segments: z.int(),
  largest_segment: z.int(),
  snapshots: z.int(),
  snapshot_count: z.int(),
});

async function runOf(steps: number) {
  const { runId } = await startInlineRun(runtime, `test.grow.by${steps}`);
  const { status, head_sequence: headSequence } = await probe.untilEnded(runId);
  expect(status).toBe("completed");
  const { rows } = await database.pool.query(
    `SELECT (SELECT sum(octet_length(body))::int FROM event_segments WHERE run_id = $1) AS segments,
            (SELECT max(octet_length(body))::int FROM event_segments WHERE run_id = $1) AS largest_segment,
            (SELECT coalesce(sum(octet_length(body)), 0)::int FROM snapshots WHERE run_id = $1) AS snapshots,
            (SELECT count(*)::int FROM snapshots WHERE run_id = $1) AS snapshot_count`,
    [runId],
  );
  return { runId, headSequence, stored: StoredSchema.parse(rows[0]) };
}

test("a run that appends to a growing list stores bytes in proportion to its steps: 250, 500 and 1,000", async () => {
  const perStep: number[] = [];
  for (const steps of [250, 500, 1_000]) {
    const { stored } = await runOf(steps);
    perStep.push(stored.segments / steps);
    // Snapshots come after as many bytes of events as the one before was long, so that all of them together stay
    // below the events and the last state. One at each step would be steps / 2 times as much.
    expect(stored.snapshots).toBeLessThan(2 * stored.segments);
    if (steps === 1_000) expect(stored.snapshot_count).toBeGreaterThan(0);
  }
  const [least, most] = [Math.min(...perStep), Math.max(...perStep)];
  expect(least).toBeGreaterThan(ITEM.length);
  expect(most / least).toBeLessThan(1.02);
});

test("a state in a run of 5,000 steps is rebuilt from a snapshot and the events of one interval and one flush", async () => {
  const { runId, headSequence, stored } = await runOf(5_000);
  const run = { tenantId: INLINE_TENANT, runId };
  const checkpoints = (await probe.events(runId))
    .filter((event) => event.event_type === "checkpoint.saved")
    .map(({ sequence }) => sequence);
  expect(checkpoints.length).toBeGreaterThan(5_000);
  expect(checkpoints.at(-1)).toBe(headSequence);
  const states = createCheckpointStates({ pool: database.pool, catalogs });
  const last = checkpoints.length - 1;
  for (const part of [0, 0.2, 0.4, 0.6, 0.8, 0.9, 1]) {
    const sequence = checkpoints[Math.round(part * last)] ?? 0;
    const { snapshot, events = [] } = (await loadHistoryUntil(database.pool, run, sequence)) ?? {};
    const bytes = events.reduce((sum, event) => sum + storedText(event).length, 0);
    const interval = Math.max(512 * 1024, snapshot?.body.length ?? 0);
    expect(bytes).toBeLessThanOrEqual(interval + stored.largest_segment);
    expect(events.at(-1)?.sequence).toBe(sequence);
    const rebuilt = await states.findRun(run, sequence);
    expect(rebuilt?.state.sequence).toBe(sequence);
    const list = rebuilt?.state.scope.vars["list"] ?? [];
    expect(Array.isArray(list) && list.length).toBe(
      [...(rebuilt?.state.steps.values() ?? [])].filter(({ status }) => status === "completed")
        .length,
    );
  }
  expect(stored.snapshot_count).toBeGreaterThan(1);
  expect(stored.largest_segment).toBeLessThan(stored.segments / 2);
});
