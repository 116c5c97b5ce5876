import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const SCRIPT = join(import.meta.dirname, "crash-worker.ts");

/** A worker in a process of its own, and what it has printed. */
export type WorkerProcess = {
  child: ChildProcess;
  /** Ids of runs whose start was acknowledged. */
  started: () => string[];
  /** All that the process has printed. */
  output: () => string;
  /** Resolves once the process printed this line; rejects if it ends before. */
  printed: (line: string) => Promise<void>;
  /** Resolves to the signal or exit code that ended it. */
  ended: Promise<string>;
  kill: (signal: NodeJS.Signals) => Promise<string>;
};

/** Spawns a crash worker with the given CRASH_ variables. */
export function spawnWorker(env: Record<string, string>): WorkerProcess {
  const child = spawn(process.execPath, [SCRIPT], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const waiting = new Set<() => void>();
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    for (const check of waiting) check();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const ended = once(child, "exit").then(([code, signal]) => String(signal ?? code));
  const lines = () => output.split("\n");
  return {
    child,
    output: () => output,
    started: () => lines().flatMap((line) => (line.startsWith("STARTED ") ? [line.slice(8)] : [])),
    printed: (line) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (!lines().includes(line)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
        void ended.then((how) =>
          reject(new Error(`the worker ended (${how}) before it printed ${line}:\n${output}`)),
        );
      }),
    ended,
    kill: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}
