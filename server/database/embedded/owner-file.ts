import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { DomainError } from "../../../core/errors.ts";
import { processIdentity } from "./process-identity.ts";

const OwnerSchema = z.object({ pid: z.number().int().positive(), identity: z.string() });

/**
 * Makes this process the only owner of `dataDir` until `release`; refuses while another owner lives. What a
 * killed owner left behind does not count, even when its process number has been given to someone else.
 */
export function claimDataDir(dataDir: string): { release: () => void } {
  const path = join(dataDir, "owner.json");
  const pid = findOwner(dataDir);
  if (pid !== null) {
    throw new DomainError(
      "invalid_configuration",
      `Process ${pid} already runs the database in ${dataDir}.`,
      {
        hint: "Stop that process, set ORCA_DATA_DIR to another folder, or share one database by DATABASE_URL.",
      },
    );
  }
  rmSync(path, { force: true });
  const self = { pid: process.pid, identity: processIdentity(process.pid) ?? "" };
  writeFileSync(path, JSON.stringify(self), { flag: "wx", mode: 0o600 });
  return { release: () => rmSync(path, { force: true }) };
}

/** The number of the living process that owns `dataDir`, or null. */
function findOwner(dataDir: string): number | null {
  try {
    const text = readFileSync(join(dataDir, "owner.json"), "utf8");
    const owner = OwnerSchema.parse(JSON.parse(text));
    return processIdentity(owner.pid) === owner.identity ? owner.pid : null;
  } catch {
    return null;
  }
}
