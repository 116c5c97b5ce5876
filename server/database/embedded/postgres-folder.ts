import { randomBytes } from "node:crypto";
import { chmod, chown, lstat, mkdir, readlink, realpath, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DomainError } from "../../../core/errors.ts";
import { ensureDataDir } from "../../data-dir.ts";
import { canEnter, type PostgresUser } from "./postgres-user.ts";

/** Where root keeps database files when the data folder is closed to the user who runs PostgreSQL. */
const SHARED_DATA = "/var/lib/orca";

/**
 * Makes `dataDir` a folder of `user`'s alone and returns its real path. Where `user` cannot enter the folder
 * above it (root in a private clone), `dataDir` becomes a symbolic link to a new folder in /var/lib/orca.
 */
export async function preparePostgresFolder(dataDir: string, user: PostgresUser): Promise<string> {
  const parent = dirname(dataDir);
  ensureDataDir(parent);
  if (!(await exists(dataDir))) {
    if (canEnter(user, parent)) await mkdir(dataDir, { mode: 0o700 });
    else await symlink(await makeSharedFolder(), dataDir);
  }
  const folder = await realpath(dataDir).catch(() => null);
  if (folder === null) {
    throw new DomainError(
      "invalid_configuration",
      `${dataDir} is a link to ${await readlink(dataDir)}, which is gone, and the database with it.`,
      { hint: "Put that folder back, or remove the link to start with an empty database." },
    );
  }
  if (user !== null) await chown(folder, user.uid, user.gid);
  if (!canEnter(user, folder)) {
    throw new DomainError(
      "invalid_configuration",
      `The user ${user?.name ?? ""}, who runs PostgreSQL, cannot enter ${folder}.`,
      {
        hint: "Set ORCA_DATA_DIR to a folder whose parents are open to all (mode 0711), or set DATABASE_URL.",
      },
    );
  }
  return folder;
}

/** Removes a database that is not running, also where `dataDir` is a link to it. */
export async function removePostgresFolder(dataDir: string): Promise<void> {
  const folder = await realpath(dataDir).catch(() => null);
  if (folder !== null) await rm(folder, { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
}

async function makeSharedFolder(): Promise<string> {
  const folder = join(SHARED_DATA, randomBytes(8).toString("hex"));
  await mkdir(SHARED_DATA, { recursive: true });
  await chmod(SHARED_DATA, 0o711);
  await mkdir(folder, { mode: 0o700 });
  return folder;
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}
