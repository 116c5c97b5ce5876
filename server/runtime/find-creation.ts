import type { Database } from "../database/client.ts";
import { DomainError } from "../../core/errors.ts";
import type { EventPayloads } from "../../core/run-events.ts";
import { readRunEvents } from "../database/event-reader.ts";
import { runNotFound } from "./runtime-errors.ts";

/** What a run began with. Throws `run_not_found`, and `invalid_request` for a nested run, which cannot be made again alone. */
export async function findCreation(
  pool: Database["pool"],
  tenantId: string,
  runId: string,
): Promise<EventPayloads["run.created"]> {
  const created = await readCreation(pool, tenantId, runId);
  assertNotNested(created, runId);
  return created;
}

/** What a run began with, nested ones too. Throws `run_not_found`. */
export async function readCreation(
  pool: Database["pool"],
  tenantId: string,
  runId: string,
): Promise<EventPayloads["run.created"]> {
  const { events } = await readRunEvents({ pool }, { tenantId, runId, after: 0, limit: 1 });
  const [event] = events;
  if (event?.type !== "run.created") throw runNotFound(runId);
  return event.payload;
}

/** Throws `invalid_request` for a nested run: its calls are known under the keys of the run around it. */
export function assertNotNested(
  { parent }: Pick<EventPayloads["run.created"], "parent">,
  runId: string,
): void {
  if (parent === undefined) return;
  throw new DomainError("invalid_request", `Run ${runId} is nested in run ${parent.run_id}.`, {
    hint: "Replay or fork the run that it belongs to.",
    details: { parent_run_id: parent.run_id },
  });
}
