#!/usr/bin/env node
/**
 * The `orca` command. Any Node from 20 on may start it, from any folder; it goes on as the Node that
 * package-lock.json pins, which comes by here again and runs main.ts as it stands.
 */
import { spawn } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import "./compile-cache.mjs";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));
const SELF = fileURLToPath(import.meta.url);
const NODE = fileURLToPath(new URL("../node_modules/.bin/node", import.meta.url));
const OLDEST_THAT_RUNS_TYPESCRIPT = 24;

if (existsSync(NODE)) {
  if (realpathSync(NODE) === realpathSync(process.execPath)) await import("./main.ts");
  else become(NODE);
} else if (
  Number.parseInt(process.versions.node, 10) >= OLDEST_THAT_RUNS_TYPESCRIPT &&
  existsSync(fileURLToPath(new URL("../node_modules/commander", import.meta.url)))
) {
  await import("./main.ts");
} else {
  process.stderr.write(
    `orca: its packages are not installed.\n  hint   Run npm ci in ${PROJECT}\n`,
  );
  process.exitCode = 2;
}

function become(node) {
  const args = [SELF, ...process.argv.slice(2)];
  // The process itself where Node can do that (22.15 and later), so that nothing stands between it and its caller.
  if (process.execve !== undefined) process.execve(node, [node, ...args], process.env);
  const child = spawn(node, args, { stdio: "inherit" });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];
  const forward = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  child.once("error", (error) => {
    process.stderr.write(`orca: ${node} cannot be started: ${error.message}\n`);
    process.exitCode = 4;
  });
  child.once("exit", (code, signal) => {
    for (const each of signals) process.off(each, forward);
    if (signal === null) process.exitCode = code;
    else process.kill(process.pid, signal);
  });
}
