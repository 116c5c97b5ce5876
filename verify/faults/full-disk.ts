import { execFileSync } from "node:child_process";
import { appendFileSync, chownSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pool } from "pg";
import { findPostgresUser } from "../../server/database/embedded/postgres-user.ts";

export type FullDisk = {
  /** How it was done, for the report. */
  means: string;
  /** There is room again. */
  free: () => Promise<void>;
  /** Puts everything back as it was. */
  remove: () => Promise<void>;
};

/** Room for the events of a verifier's runs, and little more. */
const DISK_MB = 32;
const FILLER_BYTES = 64 * 1024;

/**
 * Makes the database answer 53100 (disk_full) to writes of events. Where this process may mount, the table of events
 * moves to a small disk that is really full; elsewhere a trigger raises the same error inside of the same statement.
 */
export async function fillDisk(pool: Pool): Promise<FullDisk> {
  const disk = mountSmallDisk();
  return disk === null ? raiseByTrigger(pool) : fillTablespace(pool, disk);
}

/** The folder of a new, empty file system; null where this process may not make one. */
function mountSmallDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), "orca-small-disk-"));
  try {
    const options = `size=${DISK_MB}m,mode=0755`;
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder], { stdio: "ignore" });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
}

async function fillTablespace(pool: Pool, disk: string): Promise<FullDisk> {
  const space = join(disk, "space");
  mkdirSync(space, { mode: 0o700 });
  const user = findPostgresUser(space);
  if (user !== null) chownSync(space, user.uid, user.gid);
  await pool.query(`CREATE TABLESPACE small_disk LOCATION '${space}'`);
  await pool.query("ALTER TABLE event_segments SET TABLESPACE small_disk");
  const filler = join(disk, "filler");
  fill(filler);
  const free = async () => rmSync(filler, { force: true });
  return {
    means: `a tablespace on a file system of ${DISK_MB} MB that is full`,
    free,
    remove: async () => {
      await free();
      await pool.query("ALTER TABLE event_segments SET TABLESPACE pg_default");
      await pool.query("DROP TABLESPACE small_disk");
      execFileSync("umount", [disk], { stdio: "ignore" });
      rmSync(disk, { recursive: true });
    },
  };
}

/** Writes until the file system refuses. */
function fill(file: string): void {
  const chunk = Buffer.alloc(FILLER_BYTES);
  try {
    for (;;) appendFileSync(file, chunk);
  } catch (thrown) {
    if (!(thrown instanceof Error && "code" in thrown && thrown.code === "ENOSPC")) throw thrown;
  }
}

async function raiseByTrigger(pool: Pool): Promise<FullDisk> {
  await pool.query(`CREATE FUNCTION refuse_as_full() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$`);
  await pool.query(`CREATE TRIGGER full_disk BEFORE INSERT ON event_segments
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_as_full()`);
  const free = async () =>
    void (await pool.query("DROP TRIGGER IF EXISTS full_disk ON event_segments"));
  return {
    means: "a trigger that raises it, since this process may not mount a disk",
    free,
    remove: async () => {
      await free();
      await pool.query("DROP FUNCTION refuse_as_full");
    },
  };
}
