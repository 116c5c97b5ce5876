import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { DomainError } from "../../../core/errors.ts";

/** Whom PostgreSQL runs as; `null` means: as ourselves. */
export type PostgresUser = { uid: number; gid: number; name: string } | null;

const CANDIDATES = ["postgres", "nobody"];

/**
 * The user to run PostgreSQL as, which refuses to run as root: ourselves for an ordinary user; for root the
 * owner of `dataDir` where that is someone else, otherwise the system's `postgres` or `nobody`.
 */
export function findPostgresUser(dataDir: string): PostgresUser {
  if (process.getuid?.() !== 0) return null;
  const accounts = readAccounts();
  const owner = statSync(dataDir, { throwIfNoEntry: false })?.uid ?? 0;
  const chosen =
    accounts.find((account) => account.uid === owner && owner !== 0) ??
    CANDIDATES.map((name) => accounts.find((account) => account.name === name)).find(Boolean);
  if (chosen === undefined) {
    throw new DomainError(
      "invalid_configuration",
      "PostgreSQL cannot run as root, and this machine has neither a user postgres nor a user nobody.",
      { hint: "Start Orca as an ordinary user, or set DATABASE_URL to a PostgreSQL server." },
    );
  }
  return chosen;
}

/** True when the user can enter `folder`. Asked of the system itself, as access lists and mounts have a say too. */
export function canEnter(user: PostgresUser, folder: string): boolean {
  return user === null || canRun(user, "/bin/sh", ["-c", 'cd -- "$1"', "sh", folder]);
}

/** True when the user can run `program`; it is run with arguments that make it do nothing. */
export function canRun(
  user: NonNullable<PostgresUser>,
  program: string,
  args: string[] = ["--version"],
): boolean {
  const { uid, gid } = user;
  return spawnSync(program, args, { uid, gid, cwd: "/", stdio: "ignore" }).status === 0;
}

function readAccounts(): { uid: number; gid: number; name: string }[] {
  return readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}
