import { mkdir, readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { stopLeftoverPostmaster } from "./leftover-postmaster.ts";
import { removePostgresFolder } from "./postgres-folder.ts";
import { processIdentity } from "./process-identity.ts";

/**
 * Stops and removes the databases in `folder` whose owners were killed before they could clean up. Each one is in a
 * folder that starts with the number of the process that owns it.
 */
export async function removeLeftovers(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const dataDir = join(folder, name);
    if (processIdentity(parseInt(name, 10)) !== null) continue;
    const real = await realpath(dataDir).catch(() => dataDir);
    await stopLeftoverPostmaster(join(real, "cluster"));
    await removePostgresFolder(dataDir);
  }
}
