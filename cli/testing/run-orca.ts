import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export const LAUNCHER = fileURLToPath(new URL("../orca.mjs", import.meta.url));

export type OrcaResult = { code: number | null; out: string; err: string };
export type OrcaProcess = {
  child: ChildProcess;
  /** What was written to standard output and standard error so far. */
  out: () => string;
  err: () => string;
  /** Resolves with the end of the process. */
  ended: Promise<OrcaResult>;
};

export type OrcaOptions = { env?: Record<string, string>; cwd?: string; stdin?: string };

/** Starts the real program as a process of its own. Nothing of the caller's own settings reaches it. */
export function startOrca(args: readonly string[], options: OrcaOptions = {}): OrcaProcess {
  const { ORCA_URL: _, ORCA_API_KEY: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    cwd: options.cwd,
    env: { ...inherited, ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => void (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => void (err += chunk.toString()));
  child.stdin.end(options.stdin ?? "");
  const ended = once(child, "close").then(() => ({ code: child.exitCode, out, err }));
  return { child, out: () => out, err: () => err, ended };
}
