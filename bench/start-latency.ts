import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, request } from "undici";
import { percentile, type Benchmark } from "./benchmark.ts";

const REQUESTS = 2_000;
const CONNECTIONS = 16;
const SKILL = `id: bench.start
version: 1.0.0
name: Start
description: Waits for a signal that never comes, so that starting is all that is measured.
steps:
  - { id: wait, uses: wait.signal, input: { name: never } }
`;

/** From `POST /api/v1/runs` on a running server, in a process of its own, to the answer that the run is durable. */
export const START_LATENCY: Benchmark = {
  name: "start-latency",
  question: "How long does POST /api/v1/runs take until the run is durable, 16 requests at a time?",
  async measure() {
    await using server = await startServer();
    const agent = new Agent({ connections: CONNECTIONS, pipelining: 1 });
    const post = async () => {
      const startedAt = performance.now();
      const answer = await request(`${server.url}/api/v1/runs`, {
        dispatcher: agent,
        method: "POST",
        headers: { authorization: `Bearer ${server.apiKey}`, "content-type": "application/json" },
        body: JSON.stringify({ skill: "bench.start", inputs: {}, environment: "dev" }),
      });
      const text = await answer.body.text();
      if (answer.statusCode !== 202)
        throw new Error(`POST /runs answered ${answer.statusCode}: ${text}`);
      return performance.now() - startedAt;
    };
    await importSkill(server);
    for (let count = 0; count < 200; count += 1) await post();
    const latencies: number[] = [];
    const startedAt = performance.now();
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        while (latencies.length < REQUESTS - CONNECTIONS) latencies.push(await post());
      }),
    );
    const seconds = (performance.now() - startedAt) / 1000;
    await agent.close();
    return {
      name: "start-latency",
      n: latencies.length,
      c: CONNECTIONS,
      runs_s: latencies.length / seconds,
      steps_s: null,
      events_s: null,
      p50_ms: percentile(latencies, 0.5),
      p99_ms: percentile(latencies, 0.99),
    };
  },
};

async function importSkill(server: { url: string; apiKey: string }): Promise<void> {
  const path = "skills/local/bench/start/skill.yaml";
  const answer = await request(`${server.url}/api/v1/registry/import`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ documents: [{ path, content: SKILL }] }),
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 200)
    throw new Error(`the import answered ${answer.statusCode}: ${text}`);
}

/** A server of its own, with a database of its own, stopped and removed when disposed. */
async function startServer() {
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
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
