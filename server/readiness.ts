import { setTimeout as sleep } from "node:timers/promises";
import type { Readiness } from "./api/http/send-health.ts";
import type { Container } from "./container.ts";
import { findHeartbeat } from "./database/worker-heartbeat.ts";
import { WORKER_DEAD_AFTER_MS } from "./runtime/durations.ts";

/** A database that takes longer to say one row is not one to send work to. */
const ANSWER_WITHIN_MS = 2_000;

/**
 * Whether this process can take work: the database answers, its schema is this program's (the process does not get
 * this far otherwise), the worker loop beats, and nobody asked it to stop.
 */
export function createReadiness(
  { api, database }: Container,
  stopping: AbortSignal,
): () => Promise<Readiness> {
  return async () => {
    const checks = {
      migrations: "ok",
      ...(await checkWorker(() => findHeartbeat(database, api.runtime.workerId), api.now)),
    };
    const process = stopping.aborted ? "stopping" : "ok";
    const all: Record<string, string> = { ...checks, process };
    return { isReady: Object.values(all).every((check) => check === "ok"), checks: all };
  };
}

async function checkWorker(
  find: () => Promise<Date | null>,
  now: () => Date,
): Promise<Record<string, string>> {
  try {
    const late = sleep(ANSWER_WITHIN_MS, "late" as const, { ref: false });
    const heartbeat = await Promise.race([find(), late]);
    if (heartbeat === "late")
      return { database: `no answer within ${ANSWER_WITHIN_MS} ms`, worker: "unknown" };
    if (heartbeat === null) return { database: "ok", worker: "not registered" };
    const silentMs = now().getTime() - heartbeat.getTime();
    return {
      database: "ok",
      worker:
        silentMs < WORKER_DEAD_AFTER_MS ? "ok" : `silent for ${Math.round(silentMs / 1000)} s`,
    };
  } catch {
    return { database: "cannot be reached", worker: "unknown" };
  }
}
