import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processCommand, processIdentity } from "./process-identity.ts";

/** How long a leftover PostgreSQL may take to write out its memory before it is ended without. */
const FAST_STOP_MS = 30_000;

/**
 * Stops a PostgreSQL that a killed owner left running on `cluster`, and removes a stale postmaster.pid, which
 * PostgreSQL would take for a running server if some other process has that number by now.
 */
export async function stopLeftoverPostmaster(cluster: string): Promise<void> {
  const pid = readPostmasterPid(cluster);
  if (pid === null) return;
  if (processCommand(pid)?.includes(cluster) === true) {
    process.kill(pid, "SIGINT");
    if (!(await hasEnded(pid, FAST_STOP_MS))) {
      process.kill(pid, "SIGQUIT");
      await hasEnded(pid, FAST_STOP_MS);
    }
  }
  rmSync(join(cluster, "postmaster.pid"), { force: true });
}

/** The process number in postmaster.pid, or null when there is none. */
export function readPostmasterPid(cluster: string): number | null {
  try {
    const pid = Number(readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n")[0]);
    return Number.isInteger(pid) && pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

async function hasEnded(pid: number, withinMs: number): Promise<boolean> {
  for (let waited = 0; waited < withinMs; waited += 20) {
    if (processIdentity(pid) === null) return true;
    await sleep(20);
  }
  return false;
}
