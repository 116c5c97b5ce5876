import { Agent, request } from "undici";
import { percentile, type Benchmark } from "./benchmark.ts";
import { startServer } from "./server-process.ts";

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
    await server.importSkill("skills/local/bench/start/skill.yaml", SKILL);
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
