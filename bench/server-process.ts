import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";

export type BenchServer = AsyncDisposable & {
  url: string;
  apiKey: string;
  /** What the process has computed so far, in milliseconds: tells more than the clock on a busy machine. Linux only, else 0. */
  computedMs(): number;
  importSkill(path: string, content: string): Promise<void>;
};

/** A server of its own, with a database of its own, stopped and removed when disposed. */
export async function startServer(): Promise<BenchServer> {
  const dataDir = mkdtempSync(join(tmpdir(), "orca-bench-server-"));
  const apiKey = `orca_bench_${randomBytes(24).toString("hex")}`;
  const child = spawn(process.execPath, [join(import.meta.dirname, "..", "server", "main.ts")], {
    env: {
      ...process.env,
      PORT: "0",
      ORCA_DATA_DIR: dataDir,
      ORCA_BOOTSTRAP_API_KEY: apiKey,
      ORCA_LOG_LEVEL: "error",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  const url = await new Promise<string>((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      const found = /Pages\s+(http:\S+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once("exit", () => reject(new Error(`the server did not start: ${output}`)));
  });
  return {
    url,
    apiKey,
    computedMs() {
      const file = `/proc/${child.pid}/stat`;
      if (!existsSync(file)) return 0;
      // proc(5): after the name in parentheses, the 12th and 13th fields are ticks of 10 ms.
      const fields = readFileSync(file, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      return 10 * (Number(fields[11]) + Number(fields[12]));
    },
    async importSkill(path, content) {
      const answer = await request(`${url}/api/v1/registry/import`, {
        method: "POST",
        headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
        body: JSON.stringify({ documents: [{ path, content }] }),
      });
      const text = await answer.body.text();
      if (answer.statusCode !== 200)
        throw new Error(`the import answered ${answer.statusCode}: ${text}`);
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
