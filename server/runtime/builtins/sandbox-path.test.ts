import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../core/json.ts";
import { FS_MODULE } from "./fs/fs-module.ts";
import { nameMatcher } from "./fs/list-files.ts";
import { resolveSandboxPath } from "./sandbox-path.ts";
import { makeBuiltinContext } from "./testing/make-builtin-context.ts";

let sandboxDir: string;
let outside: string;
beforeAll(async () => {
  const root = await mkdtemp(path.join(tmpdir(), "orca-fs-"));
  sandboxDir = path.join(root, "inside");
  outside = path.join(root, "outside.txt");
  await mkdir(path.join(sandboxDir, "docs"), { recursive: true });
  await writeFile(outside, "secret");
  await symlink(outside, path.join(sandboxDir, "link.txt"));
  await symlink(root, path.join(sandboxDir, "up"));
});
afterAll(() => rm(path.dirname(sandboxDir), { recursive: true, force: true }));

async function call(name: string, input: JsonObject): Promise<JsonObject> {
  const builtin = FS_MODULE[name];
  if (builtin === undefined) throw new Error(`no function ${name}`);
  return builtin(input, makeBuiltinContext({ sandboxDir }));
}

describe("a path of the sandbox folder", () => {
  test.each([
    "../outside.txt",
    "docs/../../outside.txt",
    "link.txt",
    "up/outside.txt",
    "..\\outside.txt",
    "/../../etc/passwd",
    "up",
  ])("%s is refused", async (name) => {
    await expect(resolveSandboxPath(sandboxDir, name)).rejects.toMatchObject({
      code: "safety_denied",
    });
    await expect(call("read", { path: name })).rejects.toMatchObject({ code: "safety_denied" });
    await expect(call("write", { path: name, content: "x" })).rejects.toMatchObject({
      code: "safety_denied",
    });
    expect(await readFile(outside, "utf8")).toBe("secret");
  });

  test("stays inside whatever is asked for, or is refused", async () => {
    const root = await realpath(sandboxDir);
    const segment = fc.constantFrom("..", ".", "docs", "a", "", "link.txt", "up", "\\", "~", "C:");
    await fc.assert(
      fc.asyncProperty(
        fc.array(segment, { maxLength: 6 }),
        fc.constantFrom("/", "\\", "//"),
        async (segments, separator) => {
          const found = await resolveSandboxPath(sandboxDir, segments.join(separator)).catch(
            () => root,
          );
          expect(found === root || found.startsWith(root + path.sep)).toBe(true);
        },
      ),
    );
  });

  test("may begin with a slash, which is the folder itself", async () => {
    expect(await resolveSandboxPath(sandboxDir, "/docs")).toBe(
      path.join(await realpath(sandboxDir), "docs"),
    );
  });
});

test("a file is written, appended to, read, listed, and not created twice", async () => {
  await call("write", { path: "notes/a.txt", content: "one\n" });
  await call("write", { path: "notes/a.txt", content: "two\n", mode: "append" });
  expect(await call("read", { path: "notes/a.txt" })).toMatchObject({
    content: "one\ntwo\n",
    size: 8,
  });
  expect(await call("read", { path: "notes/a.txt", mode: "binary" })).toMatchObject({
    bytes: { base64: Buffer.from("one\ntwo\n").toString("base64") },
  });
  expect((await call("list", { path: ".", pattern: "*.txt", recursive: true })).entries).toEqual([
    { name: "a.txt", path: "notes/a.txt", type: "file", size: 8 },
  ]);
  await expect(
    call("write", { path: "notes/a.txt", content: "", mode: "create" }),
  ).rejects.toMatchObject({ code: "invalid_request" });
  await expect(call("read", { path: "notes/b.txt" })).rejects.toMatchObject({ code: "not_found" });
  await expect(call("list", { path: "nowhere" })).rejects.toMatchObject({ code: "not_found" });
  await expect(
    call("write", { path: "big", content: "x".repeat(3_900_000 * 1) + "é".repeat(50_000) }),
  ).resolves.toMatchObject({ bytes_written: 4_000_000 });
});

test("a name pattern is matched without backtracking", () => {
  expect(nameMatcher("*.c?v")("people.csv")).toBe(true);
  expect(nameMatcher("a*b*c")("axxbxx")).toBe(false);
  expect(nameMatcher("*")("")).toBe(true);
  const started = performance.now();
  nameMatcher(`${"*a".repeat(40)}b`)("a".repeat(5_000));
  expect(performance.now() - started).toBeLessThan(500);
});
