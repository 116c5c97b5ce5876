import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readDirectory } from "./read-directory.ts";
import { placesOf } from "./testing/plan-files.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "orca-registry-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(join(directory, path, ".."), { recursive: true });
  await writeFile(join(directory, path), content);
}

test("the YAML files come in the order of their paths, hidden and other files left out", async () => {
  await write("services/b.yaml", "id: b");
  await write("services/a.yml", "id: a");
  await write("services/notes.txt", "notes");
  await write(".git/c.yaml", "id: c");
  await write("node_modules/d/d.yaml", "id: d");
  expect(await readDirectory(directory)).toEqual([
    { path: "services/a.yml", content: "id: a" },
    { path: "services/b.yaml", content: "id: b" },
  ]);
});

test("links are not followed", async () => {
  await write("real/a.yaml", "id: a");
  await symlink(join(directory, "real"), join(directory, "linked"));
  await symlink(join(directory, "real", "a.yaml"), join(directory, "b.yaml"));
  expect((await readDirectory(directory)).map(({ path }) => path)).toEqual(["real/a.yaml"]);
});

test("a file that is not UTF-8 is reported by its name", async () => {
  await write("services/a.yaml", new Uint8Array([0x69, 0x64, 0x3a, 0xff, 0xfe]));
  expect(placesOf(await readDirectory(directory))).toEqual([
    "services/a.yaml:1:1 error invalid_encoding",
  ]);
});

test("a directory that does not exist is not found", async () => {
  await expect(readDirectory(join(directory, "none"))).rejects.toMatchObject({ code: "not_found" });
});
