import { redriveRun } from "../../../core/redrive.ts";
import type { RunEvent } from "../../../core/run-events.ts";
import { compileSkill } from "../../../core/run-plan.ts";
import type { Database } from "../../database/client.ts";
import { streamRunEvents } from "../../database/event-reader.ts";
import type { RegistryCatalog } from "../../registry/registry-catalog.ts";
import { INLINE_TENANT } from "./inline-runtime.ts";

/** Where the engine, driving a stored history again without calling anybody, would have recorded something else. */
export async function differencesOf(
  pool: Database["pool"],
  catalog: RegistryCatalog,
  runId: string,
): Promise<object[]> {
  const events: RunEvent[] = [];
  for await (const event of streamRunEvents(pool, { tenantId: INLINE_TENANT, runId }))
    events.push(event);
  const [created] = events;
  if (created?.type !== "run.created") throw new Error("a run is created first");
  const found = catalog.skill(created.payload.skill_id, created.payload.skill_version);
  if (found === null) throw new Error("the skill is in the catalog");
  const plan = compileSkill(found.skill, found.contentHash);
  const identity = { tenantId: INLINE_TENANT, runId, traceId: "" };
  return [...redriveRun(plan, identity, events)].flatMap(({ difference }) => difference ?? []);
}

/** The differences of all runs of a test database that have ended, by run id; and how many runs these are. */
export async function redriveAll(
  pool: Database["pool"],
  catalog: RegistryCatalog,
): Promise<{ runs: number; differing: Record<string, object[]> }> {
  const { rows } = await pool.query<{ run_id: string }>(
    "SELECT run_id FROM runs WHERE status IN ('completed', 'failed', 'canceled')",
  );
  const differing: Record<string, object[]> = {};
  for (const { run_id: runId } of rows) {
    const differences = await differencesOf(pool, catalog, runId);
    if (differences.length > 0) differing[runId] = differences;
  }
  return { runs: rows.length, differing };
}
