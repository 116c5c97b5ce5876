import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chown, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DomainError } from "../../../core/errors.ts";
import type { PostgresBinaries } from "./postgres-binaries.ts";
import type { PostgresUser } from "./postgres-user.ts";

/** The major version of PostgreSQL that this program brings; its files cannot be read by another. */
const MAJOR_VERSION = "18";

/** The name of the database, and of the role that owns it. */
export const POSTGRES_NAME = "orca";

/**
 * The environment of every PostgreSQL program: PG… variables of the person who started us must not leak in.
 * NODE_ENV stands here because Next declares it in the type of every environment.
 */
export const POSTGRES_ENV = {
  PATH: "/usr/bin:/bin",
  LC_ALL: "C",
  TZ: "UTC",
  NODE_ENV: "production",
} as const;

/**
 * Makes the database files in `folder`/cluster where there are none and returns their folder and the password.
 * The files appear by one rename: an initdb that was interrupted left nothing that counts.
 */
export async function openCluster(
  folder: string,
  binaries: PostgresBinaries,
  user: PostgresUser,
): Promise<{ cluster: string; password: string }> {
  const cluster = join(folder, "cluster");
  const passwordFile = join(folder, "password");
  if (!existsSync(cluster)) {
    const unfinished = join(folder, "cluster.new");
    await rm(unfinished, { recursive: true, force: true });
    await writeFile(passwordFile, randomBytes(24).toString("hex"), { mode: 0o600 });
    if (user !== null) await chown(passwordFile, user.uid, user.gid);
    await initialise(unfinished, passwordFile, binaries, user);
    await rename(unfinished, cluster);
  }
  const version = (await readFile(join(cluster, "PG_VERSION"), "utf8")).trim();
  if (version !== MAJOR_VERSION) {
    throw new DomainError(
      "invalid_configuration",
      `The database files in ${cluster} were made by PostgreSQL ${version}; this program brings PostgreSQL ${MAJOR_VERSION}.`,
      {
        hint: "Move the data with pg_dump and pg_restore, or go back to the release that made the files.",
      },
    );
  }
  return { cluster, password: (await readFile(passwordFile, "utf8")).trim() };
}

async function initialise(
  cluster: string,
  passwordFile: string,
  binaries: PostgresBinaries,
  user: PostgresUser,
): Promise<void> {
  const args = [
    `--pgdata=${cluster}`,
    `--username=${POSTGRES_NAME}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
  ];
  const child = spawn(binaries.initdb, args, {
    cwd: "/",
    env: POSTGRES_ENV,
    stdio: ["ignore", "ignore", "pipe"],
    ...(user === null ? {} : { uid: user.uid, gid: user.gid }),
  });
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
  const { promise, resolve } = Promise.withResolvers<string | null>();
  child.once("error", (thrown) => resolve(thrown.message));
  child.once("close", (code) => resolve(code === 0 ? null : output.trim()));
  const failure = await promise;
  if (failure === null) return;
  throw new DomainError(
    "unavailable",
    `The embedded PostgreSQL could not make its files in ${cluster}: ${failure}`,
    { hint: "Set DATABASE_URL to use a PostgreSQL server instead." },
  );
}
