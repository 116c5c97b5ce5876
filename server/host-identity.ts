import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** What tells one numbering of processes from another. Null: the system does not say. */
export type HostFacts = {
  hostname: string;
  /** Another one after each boot of the machine; shared by its containers. */
  bootId: string | null;
  /** Another one in each container; shared by nobody at the same time on one machine. */
  pidNamespace: string | null;
};

/**
 * A name for the place within which process ids can be compared: two processes with one identity and one pid are one
 * process, or one of them is dead. The host name alone would not do, since containers may share it. It begins with
 * the host name, for people.
 */
export function hostIdentity(facts: HostFacts = readHostFacts()): string {
  const { bootId, pidNamespace } = facts;
  if (bootId === null && pidNamespace === null) return facts.hostname;
  const digest = createHash("sha256")
    .update(`${bootId ?? ""}|${pidNamespace ?? ""}`)
    .digest("hex");
  return `${facts.hostname}#${digest.slice(0, 12)}`;
}

function readHostFacts(): HostFacts {
  return {
    hostname: hostname(),
    bootId: readOrNull(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
    pidNamespace: readOrNull(() => readlinkSync("/proc/self/ns/pid")),
  };
}

function readOrNull(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null; // not Linux, or /proc is hidden
  }
}
