import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { EventEnvelope } from "../../../core/run-events.ts";
import { RUN_STATUSES, type RunStatus } from "../../../core/run.ts";
import { readEvents } from "../../database/event-reader.ts";
import type { Database } from "../../database/client.ts";
import { INLINE_TENANT } from "./inline-runtime.ts";

const RowSchema = z.object({
  status: z.enum(RUN_STATUSES),
  outputs: z.unknown(),
  error: z.looseObject({ code: z.string(), message: z.string() }).nullable(),
  head_sequence: z.int(),
  owner_worker_id: z.string().nullable(),
  lease_epoch: z.int(),
});

/** Looks at stored runs of one tenant, by default the inline one, and waits for what tests wait for. */
export class RunProbe {
  readonly #database: Pick<Database, "pool">;
  readonly #tenantId: string;

  constructor(database: Pick<Database, "pool">, tenantId = INLINE_TENANT) {
    this.#database = database;
    this.#tenantId = tenantId;
  }

  async row(runId: string) {
    const { rows } = await this.#database.pool.query(
      `SELECT status, outputs, error, head_sequence, owner_worker_id, lease_epoch FROM runs
       WHERE tenant_id = $1 AND run_id = $2`,
      [this.#tenantId, runId],
    );
    return RowSchema.parse(rows[0]);
  }

  /** The run as soon as it has one of the statuses; throws after 15 s. */
  async until(runId: string, ...statuses: RunStatus[]) {
    for (let tries = 0; tries < 1_500; tries += 1) {
      const found = await this.row(runId);
      if (statuses.includes(found.status)) return found;
      await sleep(10);
    }
    const { status } = await this.row(runId);
    throw new Error(`run ${runId} is ${status}, not ${statuses.join(" or ")}`);
  }

  untilEnded(runId: string) {
    return this.until(runId, "completed", "failed", "canceled");
  }

  async events(runId: string): Promise<EventEnvelope[]> {
    const all: EventEnvelope[] = [];
    for (;;) {
      const after = all.at(-1)?.sequence ?? 0;
      const range = { tenantId: this.#tenantId, runId, after, limit: 100_000 };
      const page = await readEvents(this.#database, range);
      if (page.length === 0) return all;
      all.push(...page);
    }
  }

  async typesOf(runId: string): Promise<string[]> {
    return (await this.events(runId)).map((event) => event.event_type);
  }
}
