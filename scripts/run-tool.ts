import { spawn } from "node:child_process";
import { delimiter, join, resolve as resolvePath } from "node:path";
import { PROJECT } from "./project.ts";

export type ToolRun = {
  /** Added to our own environment. */
  env?: Record<string, string>;
  /** Shown only when the tool fails. */
  isQuiet?: boolean;
};

const BIN = join(PROJECT, "node_modules", ".bin");

/**
 * Runs a program of node_modules/.bin (or an absolute path) in the project's folder and resolves with its exit code. The programs it
 * starts find this project's Node first, as they do under npm.
 */
export async function runTool(
  tool: string,
  args: string[],
  options: ToolRun = {},
): Promise<number> {
  const child = spawn(resolvePath(BIN, tool), args, {
    cwd: PROJECT,
    env: {
      ...process.env,
      PATH: `${BIN}${delimiter}${process.env.PATH ?? ""}`,
      NEXT_TELEMETRY_DISABLED: "1",
      ...options.env,
    },
    stdio: options.isQuiet === true ? ["ignore", "pipe", "pipe"] : "inherit",
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => output.push(chunk));
  }
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once("error", reject);
  child.once("close", (code) => resolve(code ?? 1));
  const stop = () => child.kill("SIGTERM");
  process.once("SIGTERM", stop);
  const code = await promise.finally(() => process.off("SIGTERM", stop));
  if (code !== 0) process.stderr.write(Buffer.concat(output));
  return code;
}
