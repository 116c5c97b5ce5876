import type { Database } from "../database/client.ts";
import { releaseDeadWorkers, releaseOwnerless, releaseRunsOf } from "../database/run-leases.ts";
import {
  listWorkersOnHost,
  recordHeartbeat,
  registerWorker,
  removeWorker,
} from "../database/worker-repository.ts";
import { HEARTBEAT_INTERVAL_MS, WORKER_DEAD_AFTER_MS } from "./durations.ts";

/**
 * Who a worker is: where it runs, and how many runs it takes at once. Process ids are compared among workers of the
 * same `host`, which therefore names one numbering of processes (`server/host-identity.ts`).
 */
export type WorkerIdentity = { host: string; pid: number; version: string; capacity: number };

/**
 * Registers the worker and keeps it registered; sets the runs of dead workers free, its own process's predecessor
 * included. `lost` is called when others counted this worker as dead. Answers the sign-off.
 */
export async function startWorker(options: {
  pool: Database["pool"];
  workerId: string;
  identity: WorkerIdentity;
  activeRuns: () => number;
  lost: () => void;
  log: { warn(fields: object, message: string): void };
}): Promise<() => Promise<void>> {
  const { pool, workerId, identity, log } = options;
  let isSignedOff = false;

  async function bury(): Promise<void> {
    const neighbours = await listWorkersOnHost(pool, identity.host);
    // Ages, since the database has a clock of its own; this one after those, so that it is never too small.
    const processAgeMs = process.uptime() * 1000;
    const deadPids = neighbours
      .map(({ pid }) => pid)
      .filter((pid) => pid !== identity.pid && !isAlive(pid));
    await releaseDeadWorkers(pool, {
      deadAfterMs: WORKER_DEAD_AFTER_MS,
      host: identity.host,
      deadPids,
    });
    for (const { workerId: other, pid, ageMs } of neighbours) {
      if (pid !== identity.pid || other === workerId || ageMs <= processAgeMs) continue;
      // It had this pid before this process began, as in a restarted container, where it is always 1.
      await removeWorker(pool, other);
      await releaseRunsOf(pool, other);
    }
    await releaseOwnerless(pool);
  }

  async function beat(): Promise<void> {
    const isKnown = await recordHeartbeat(pool, workerId, options.activeRuns());
    if (isKnown || isSignedOff) return;
    options.lost();
    await releaseRunsOf(pool, workerId); // those it claimed after it had been counted as dead
    await registerWorker(pool, { workerId, ...identity });
  }

  await registerWorker(pool, { workerId, ...identity });
  await bury();
  // Each at its own pace: a slow burial must not make this worker look dead.
  const intervals = [
    repeat(beat, (err) => log.warn({ err }, "The worker's heartbeat failed")),
    repeat(bury, (err) => log.warn({ err }, "The runs of dead workers could not be set free")),
  ];
  return async () => {
    isSignedOff = true;
    for (const interval of intervals) clearInterval(interval);
    await removeWorker(pool, workerId);
  };
}

/** Does it at every heartbeat, never twice at once. */
function repeat(action: () => Promise<void>, failed: (error: unknown) => void): NodeJS.Timeout {
  let isBusy = false;
  return setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    action()
      .catch(failed)
      .finally(() => {
        isBusy = false;
      });
  }, HEARTBEAT_INTERVAL_MS);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
