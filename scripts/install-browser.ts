import { execFileSync, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { PROJECT } from "./project.ts";
import { runTool } from "./run-tool.ts";

const CACHE = join(PROJECT, ".cache", "browser");
const INSTALLED = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * The path of a Chromium that starts, installed if need be: ORCA_CHROMIUM, one that is installed, Playwright's
 * own download, then apt as root. Remembers the answer; throws with what to do when nothing worked.
 */
export async function installBrowser(): Promise<string> {
  const given = process.env.ORCA_CHROMIUM;
  if (given !== undefined && given !== "") {
    if (doesStart(given)) return given;
    throw new Error(`ORCA_CHROMIUM is ${given}, which does not start.`);
  }
  const remembered = existsSync(CACHE) ? readFileSync(CACHE, "utf8") : "";
  if (remembered !== "" && isExecutable(remembered)) return remembered;
  const found = findInstalled() ?? (await downloadWithPlaywright()) ?? installWithApt();
  if (found === null) {
    throw new Error(
      "No browser for the end-to-end tests. Install Chromium or Chrome, or set ORCA_CHROMIUM to one.",
    );
  }
  mkdirSync(join(PROJECT, ".cache"), { recursive: true });
  writeFileSync(CACHE, found);
  return found;
}

function findInstalled(): string | null {
  const folders = (process.env.PATH ?? "").split(":");
  const paths = INSTALLED.flatMap((name) =>
    name.startsWith("/") ? [name] : folders.map((folder) => join(folder, name)),
  );
  return (
    [...paths, chromium.executablePath()].find((path) => isExecutable(path) && doesStart(path)) ??
    null
  );
}

async function downloadWithPlaywright(): Promise<string | null> {
  console.log("No Chromium is installed; asking Playwright for one …");
  const code = await runTool("playwright", ["install", "chromium"]);
  const path = chromium.executablePath();
  return code === 0 && doesStart(path) ? path : null;
}

function installWithApt(): string | null {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return null;
  console.log("Playwright could not get one; installing Debian's chromium …");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    execFileSync("apt-get", ["update", "-qq"], { env, stdio: "inherit" });
    const args = ["install", "-y", "-qq", "--no-install-recommends", "chromium"];
    execFileSync("apt-get", args, { env, stdio: ["ignore", "ignore", "inherit"] });
  } catch {
    return null;
  }
  return findInstalled();
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Some distributions ship a stub that only says where to get the real one. */
function doesStart(path: string): boolean {
  return spawnSync(path, ["--version"], { stdio: "ignore", timeout: 30_000 }).status === 0;
}

if (import.meta.main) console.log(await installBrowser());
