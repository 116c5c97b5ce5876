import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import { z } from "zod";
import { percentile, type Benchmark } from "./benchmark.ts";
import { startServer, type BenchServer } from "./server-process.ts";

const STEPS = 5_000;
/** Each step keeps a value of so many characters: the state ends at 5 MB. */
const KEPT = JSON.stringify({ kept: "x".repeat(1_000) });
const READS = 200;

const step = (index: number) =>
  `  - { id: s${index}, uses: data.json.parse, input: { text: inputs.text }, output: { data: ${index === STEPS - 1 ? "outputs.data" : `vars.v${index}`} } }`;
const SKILL = `id: bench.keeping
version: 1.0.0
name: Keep
description: Every step keeps what the run was given, so that the state grows with each.
inputs:
  text: { type: string, required: true }
outputs:
  data: { type: object }
steps:
${Array.from({ length: STEPS }, (_, index) => step(index)).join("\n")}
`;

/** From `GET …/state` on a running server, in a process of its own, to the last byte, at checkpoints all along a run. */
export const CHECKPOINT_STATE: Benchmark = {
  name: "checkpoint-state",
  question: "How long does GET …/state take in a run of 5,000 steps with a state of up to 5 MB?",
  async measure() {
    await using server = await startServer();
    await server.importSkill("skills/local/bench/keeping/skill.yaml", SKILL);
    const runId = await endedRun(server);
    const checkpoints = await listCheckpoints(server, runId);
    const latencies: number[] = [];
    let bytes = 0;
    const before = server.computedMs();
    for (let read = 0; read < READS; read += 1) {
      // A stride that is no divisor, so that early and late ones take turns.
      const index = Math.floor(((read * 61) % READS) * ((checkpoints.length - 1) / READS));
      const startedAt = performance.now();
      const body = await call(server, `/runs/${runId}/checkpoints/${checkpoints[index]}/state`);
      latencies.push(performance.now() - startedAt);
      bytes = Math.max(bytes, body.byteLength);
    }
    return {
      name: "checkpoint-state",
      n: READS,
      c: 1,
      runs_s: null,
      steps_s: null,
      events_s: null,
      p50_ms: percentile(latencies, 0.5),
      p99_ms: percentile(latencies, 0.99),
      more: {
        p95_ms: percentile(latencies, 0.95),
        cpu_mean_ms: (server.computedMs() - before) / READS,
        most_bytes: bytes,
      },
    };
  },
};

async function call(server: BenchServer, path: string, body?: object): Promise<ArrayBuffer> {
  const answer = await request(`${server.url}/api/v1${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${server.apiKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const bytes = await answer.body.arrayBuffer();
  if (answer.statusCode < 300) return bytes;
  throw new Error(`${path} answered ${answer.statusCode}: ${Buffer.from(bytes).toString()}`);
}

const parse = (bytes: ArrayBuffer): unknown => JSON.parse(Buffer.from(bytes).toString());
const RunSchema = z.object({ run: z.object({ run_id: z.string() }) });
const StatusSchema = z.object({ status: z.string() });
const PageSchema = z.object({
  items: z.array(z.object({ checkpoint_id: z.string() })),
  next_cursor: z.string().nullable(),
});

async function endedRun(server: BenchServer): Promise<string> {
  const request = { skill: "bench.keeping", inputs: { text: KEPT }, environment: "dev" };
  const { run_id: runId } = RunSchema.parse(parse(await call(server, "/runs", request))).run;
  for (;;) {
    const { status } = StatusSchema.parse(parse(await call(server, `/runs/${runId}`)));
    if (status === "completed") return runId;
    if (status === "failed") throw new Error("the run that keeps everything failed");
    await sleep(100);
  }
}

async function listCheckpoints(server: BenchServer, runId: string): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const after: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const path = `/runs/${runId}/checkpoints?limit=500${after}`;
    const page: z.output<typeof PageSchema> = PageSchema.parse(parse(await call(server, path)));
    ids.push(...page.items.map((item) => item.checkpoint_id));
    cursor = page.next_cursor;
  }
  return ids;
}
