import { DomainError } from "../../../core/errors.ts";
import { storedText, type NewEvent } from "../../../core/run-events.ts";
import type { RunStatus } from "../../../core/run.ts";
import type { Database } from "../../database/client.ts";
import { makeId } from "../../make-id.ts";
import type { Runtime, StartRunRequest } from "../../runtime/runtime.ts";

/**
 * A runtime that executes nothing: it stores runs and events in the real tables, as a test tells it to, and tells
 * followers of them as the real one does.
 */
export type HistoryRuntime = Runtime & {
  started: StartRunRequest[];
  append(tenantId: string, runId: string, events: NewEvent[], status?: RunStatus): Promise<number>;
  /** How many followers there are at the moment. */
  followers(): number;
};

const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

export function createHistoryRuntime({ pool }: Pick<Database, "pool">): HistoryRuntime {
  const listeners = new Map<string, Set<Parameters<Runtime["subscribe"]>[2]>>();
  const started: StartRunRequest[] = [];

  async function append(
    tenantId: string,
    runId: string,
    events: NewEvent[],
    status?: RunStatus,
  ): Promise<number> {
    const { rows } = await pool.query<{ head_sequence: number; status: RunStatus }>(
      `UPDATE runs SET head_sequence = head_sequence + $3, status = coalesce($4, status)
       WHERE tenant_id = $1 AND run_id = $2 RETURNING head_sequence, status`,
      [tenantId, runId, events.length, status ?? null],
    );
    const { head_sequence: head, status: after } = rows[0] ?? {};
    if (head === undefined || after === undefined)
      throw new DomainError("run_not_found", `There is no run ${runId}.`);
    if (events.length === 0) return head;
    const first = head - events.length + 1;
    const body = Buffer.from(
      `[${events.map((event, index) => storedText({ ...event, at: AT + first + index })).join(",")}]`,
    );
    await pool.query(
      "INSERT INTO event_segments (tenant_id, run_id, first_seq, last_seq, body) VALUES ($1, $2, $3, $4, $5)",
      [tenantId, runId, first, head, body],
    );
    for (const listener of listeners.get(`${tenantId}/${runId}`) ?? []) listener(head, after);
    return head;
  }

  return {
    workerId: "wrk_test",
    started,
    append,
    followers: () => [...listeners.values()].reduce((sum, set) => sum + set.size, 0),
    async startRun(request) {
      started.push(request);
      if (request.skillId === "unknown.skill")
        throw new DomainError("not_found", "There is no skill unknown.skill.");
      const runId = request.runId ?? makeId("run");
      await pool.query(
        `INSERT INTO runs (tenant_id, run_id, skill_id, skill_version, skill_hash, environment, status, head_sequence, head_hash,
           lease_epoch, trace_id, lineage_root_run_id, attributes, inputs, created_at)
         VALUES ($1, $2, $3, '1.0.0', 'hash', $4, 'pending', 0, '', 1, $5, $2, $6, $7, $8)`,
        [
          request.tenantId,
          runId,
          request.skillId,
          request.environment,
          request.traceparent?.split("-")[1] ?? "0".repeat(32),
          request.attributes,
          request.inputs,
          new Date(AT + started.length),
        ],
      );
      const created: NewEvent = {
        type: "run.created",
        actor: request.actor,
        payload: {
          skill_id: request.skillId,
          skill_version: "1.0.0",
          skill_hash: "hash",
          environment: request.environment,
          inputs: request.inputs,
          attributes: request.attributes,
          options: request.options,
          lineage_root_run_id: runId,
        },
      };
      await append(request.tenantId, runId, [created]);
      return { runId, status: "pending" };
    },
    replayRun() {
      return Promise.reject(new DomainError("unavailable", "Nothing is driven here."));
    },
    async command({ tenantId, runId, kind, actor }) {
      const { rows } = await pool.query("SELECT 1 FROM runs WHERE tenant_id = $1 AND run_id = $2", [
        tenantId,
        runId,
      ]);
      if (rows.length === 0) throw new DomainError("run_not_found", `There is no run ${runId}.`);
      if (kind !== "cancel")
        throw new DomainError("invalid_transition", `Run ${runId} cannot ${kind}.`);
      await append(
        tenantId,
        runId,
        [{ type: "run.canceled", actor, payload: { outputs: {} } }],
        "canceled",
      );
    },
    subscribe(tenantId, runId, onHead) {
      const key = `${tenantId}/${runId}`;
      const set = listeners.get(key) ?? new Set();
      listeners.set(key, set.add(onHead));
      return () => void set.delete(onHead);
    },
    stats: () => ({ activeRuns: 2, flushes: 3, segments: 4, events: 5 }),
    stop: () => Promise.resolve(),
  };
}
