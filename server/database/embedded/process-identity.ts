import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * What tells the process `pid` from any other that ever had this number, or null when no such process lives:
 * its start time, and on Linux the boot it belongs to.
 */
export function processIdentity(pid: number): string | null {
  if (process.platform === "linux") {
    const stat = readOrNull(`/proc/${pid}/stat`);
    if (stat === null) return null;
    const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended; only its parent has not asked yet. Field 22 of proc(5) is the start time.
    if (state === "Z" || state === "X") return null;
    return `${readOrNull("/proc/sys/kernel/random/boot_id")?.trim() ?? ""}:${rest[18] ?? ""}`;
  }
  return ps(pid, "lstart=");
}

/** The command line of the process `pid`, arguments separated by spaces, or null when there is no such process. */
export function processCommand(pid: number): string | null {
  if (process.platform === "linux") {
    return readOrNull(`/proc/${pid}/cmdline`)?.replaceAll("\0", " ").trim() ?? null;
  }
  return ps(pid, "command=");
}

function ps(pid: number, column: string): string | null {
  try {
    return (
      execFileSync("ps", ["-o", column, "-p", String(pid)], { encoding: "utf8" }).trim() || null
    );
  } catch {
    return null;
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
