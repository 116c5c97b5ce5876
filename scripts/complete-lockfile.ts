import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { PROJECT } from "./project.ts";

/**
 * npm run lockfile: writes the packages of other platforms into package-lock.json that the registry at hand
 * did not have when `npm install` ran. npm leaves such out, and `npm ci` then calls the file out of date.
 * They get version and platform, but no checksum, as nobody here has seen them.
 */
const PackageSchema = z.object({
  dev: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const LockfileSchema = z.looseObject({ packages: z.record(z.string(), z.unknown()) });

const SYSTEMS = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const PROCESSORS = [
  "arm64",
  "arm",
  "ia32",
  "loong64",
  "mips64el",
  "ppc64",
  "riscv64",
  "s390x",
  "wasm32",
  "x64",
];
const LIBRARIES: Record<string, string> = { gnu: "glibc", musl: "musl" };

const path = join(PROJECT, "package-lock.json");
const lockfile = LockfileSchema.parse(JSON.parse(readFileSync(path, "utf8")));
const added: string[] = [];
for (const [location, entry] of Object.entries(lockfile.packages)) {
  const { dev, optionalDependencies = {} } = PackageSchema.parse(entry);
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (isLocked(name, location)) continue;
    lockfile.packages[`node_modules/${name}`] = {
      version: version.replace(/^[^\d]*/, ""),
      ...platformOf(name),
      ...(dev === true ? { dev: true } : {}),
      optional: true,
    };
    added.push(`${name}@${version}`);
  }
}
const entries = Object.entries(lockfile.packages).toSorted(([a], [b]) => a.localeCompare(b, "en"));
lockfile.packages = Object.fromEntries(entries);
writeFileSync(path, `${JSON.stringify(lockfile, null, 2)}\n`);
console.log(added.length === 0 ? "Nothing is missing." : `Added ${added.join(", ")}`);

/** npm looks for a package beside its user, then in every folder above. */
function isLocked(name: string, location: string): boolean {
  for (let at = location; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    if (`${at === "" ? "" : `${at}/`}node_modules/${name}` in lockfile.packages) return true;
    if (at === "") return false;
  }
}

/** Such packages are named after the one platform that they are for: `@next/swc-linux-x64-gnu`. */
function platformOf(name: string): { os?: string[]; cpu?: string[]; libc?: string[] } {
  const words = name.split(/[^a-z0-9]+/);
  const os = words.filter((word) => SYSTEMS.includes(word));
  const cpu = words.filter((word) => PROCESSORS.includes(word));
  const libc = words.flatMap((word) => LIBRARIES[word] ?? []);
  return {
    ...(cpu.length === 0 ? {} : { cpu }),
    ...(os.length === 0 ? {} : { os }),
    ...(libc.length === 0 || os[0] !== "linux" ? {} : { libc }),
  };
}
