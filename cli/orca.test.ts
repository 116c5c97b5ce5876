import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LAUNCHER, startOrca } from "./testing/run-orca.ts";
import { stubServer } from "./testing/stub-server.ts";

const CACHE = fileURLToPath(new URL("../.cache", import.meta.url));
let folder = "";
beforeAll(() => {
  mkdirSync(CACHE, { recursive: true });
  folder = mkdtempSync(join(CACHE, "launcher-"));
  // The same program under another name: a Node that is not the one of node_modules.
  try {
    linkSync(process.execPath, join(folder, "other-node"));
  } catch {
    // Node lies on another file system.
    copyFileSync(process.execPath, join(folder, "other-node"));
  }
  symlinkSync(LAUNCHER, join(folder, "orca"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Stands for the Node versions that cannot become another program. */
const WITHOUT_EXECVE = "--import=data:text/javascript,delete process.execve";

function startUnderOtherNode(flags: string[], args: string[]) {
  const child = spawn(join(folder, "other-node"), [...flags, join(folder, "orca"), ...args], {
    cwd: tmpdir(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => void (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => void (err += chunk.toString()));
  const ended = once(child, "close").then(() => ({
    code: child.exitCode,
    signal: child.signalCode,
    out,
    err,
  }));
  return { child, ended };
}

describe("the launcher", () => {
  test("works from any folder", async () => {
    const { code, out } = await startOrca(["--version"], { cwd: tmpdir() }).ended;
    expect(code).toBe(0);
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test.each([
    ["becomes the pinned Node", []],
    ["goes on in the pinned Node", [WITHOUT_EXECVE]],
  ])("under another Node, behind a link, %s and hands its exit code on", async (_, flags) => {
    const good = await startUnderOtherNode(flags, ["--version"]).ended;
    expect(good).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/^\d+\.\d+/) });
    const bad = await startUnderOtherNode(flags, ["nonsense"]).ended;
    expect(bad).toMatchObject({ code: 2, err: expect.stringContaining("nonsense") });
  });

  test.each([
    ["becoming", []],
    ["staying", [WITHOUT_EXECVE]],
  ])("by %s lets SIGTERM through to the command", async (_, flags) => {
    let isAsked = () => {};
    const asked = new Promise<void>((resolve) => void (isAsked = resolve));
    await using silent = await stubServer(() => isAsked());
    const { child, ended } = startUnderOtherNode(flags, ["status", "--url", silent.url]);
    await asked;
    child.kill("SIGTERM");
    expect(await ended).toMatchObject({ code: null, signal: "SIGTERM", err: "" });
  });
});
