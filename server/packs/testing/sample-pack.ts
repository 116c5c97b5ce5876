import { hash } from "node:crypto";
import { checkpointAfter } from "../../../core/checkpoint.ts";
import type { Frontier } from "../../../core/frontier.ts";
import type { JsonObject } from "../../../core/json.ts";
import { storedText, stepKeyOfPayload, type RunEvent } from "../../../core/run-events.ts";
import { compileSkill } from "../../../core/run-plan.ts";
import { GENESIS_HASH } from "../../../core/run-state.ts";
import { SkillSchema } from "../../../core/skill.ts";
import { simulateRun } from "../../../core/testing/simulate-run.ts";
import { contentHashOf } from "../../registry/content-hash.ts";
import { assemblePack, type PackSources } from "../assemble-pack.ts";

export const SAMPLE_RUN_ID = "run_0sample";

const SKILL: JsonObject = {
  id: "sample.order",
  version: "1.0.0",
  name: "Order",
  description: "Asks for a price and orders.",
  inputs: { item: { type: "string" }, api_key: { type: "string" } },
  outputs: { receipt: { type: "string" } },
  steps: [
    {
      id: "price",
      uses: "fake.price.get",
      input: { item: "inputs.item" },
      output: { price: "vars.price" },
    },
    {
      id: "order",
      uses: "fake.order.place",
      input: { item: "inputs.item", price: "vars.price", key: "inputs.api_key" },
      output: { receipt: "outputs.receipt" },
      config: { condition: "vars.price > 3" },
    },
  ],
};

export type SampleChange = {
  inputs?: JsonObject;
  skill?: JsonObject;
  /** Changes the recorded events before their checkpoints are made, so that every hash fits. */
  forge?: (event: RunEvent) => RunEvent;
};

/** What an instance would make a pack from: a simulated run of a small skill, with its checkpoints. */
export function sampleSources(change: SampleChange = {}): PackSources {
  const document = { ...SKILL, ...change.skill };
  const skillHash = contentHashOf(document);
  const plan = compileSkill(SkillSchema.parse(document), skillHash);
  const { events: bare, state } = simulateRun(
    plan,
    { item: "boat", ...change.inputs },
    {
      pick: () => 0,
      answer: ({ step, input }) => ({
        output: step.id === "price" ? { price: 7 } : { receipt: `for ${JSON.stringify(input)}` },
      }),
    },
  );
  const { events, headHash } = withCheckpoints(
    bare.map(change.forge ?? ((event) => event)),
    state.frontier,
  );
  return {
    run: {
      run_id: SAMPLE_RUN_ID,
      skill_id: plan.skillId,
      skill_version: plan.skillVersion,
      skill_hash: skillHash,
      environment: "dev",
      status: state.status,
      head_sequence: events.length,
      head_hash: headHash,
      trace_id: "0af7651916cd43dd8448eb211c80319c",
      parent_run_id: null,
      lineage_root_run_id: SAMPLE_RUN_ID,
      source_run_id: null,
      child_run_ids: [],
      created_at: "2030-01-01T00:00:00.000Z",
      started_at: "2030-01-01T00:00:00.000Z",
      finished_at: "2030-01-01T00:00:00.000Z",
    },
    skill: {
      id: plan.skillId,
      version: plan.skillVersion,
      channel: "local",
      content_hash: skillHash,
      document,
      source: JSON.stringify(document),
    },
    capabilities: [],
    bindings: [],
    services: [],
    effects: [],
    events,
    secretsFor: () => [],
    exportedAt: new Date("2030-01-02T00:00:00Z"),
    exportedBy: "orca test",
  };
}

/** The same as a file. */
export async function samplePack(change: SampleChange = {}): Promise<Buffer> {
  return assemblePack(sampleSources(change));
}

/** Puts in the checkpoints that the runtime records, each with its chained hash. The skill does not wait. */
function withCheckpoints(
  bare: readonly RunEvent[],
  frontier: Frontier,
): { events: RunEvent[]; headHash: string } {
  const events: RunEvent[] = [];
  let headHash: string = GENESIS_HASH;
  let parent = 0;
  let covered: string[] = [];
  for (const event of bare) {
    events.push({ ...event, sequence: events.length + 1 });
    covered.push(storedText(event));
    const kind = checkpointAfter(event, frontier);
    if (kind === null) continue;
    headHash = `sha256:${hash("sha256", headHash + covered.join("\n"))}`;
    const stepPath = stepKeyOfPayload(event.payload);
    const sequence = events.length + 1;
    const payload = {
      kind,
      state_hash: headHash,
      ...(stepPath === null ? {} : { step_path: stepPath }),
      ...(parent === 0 ? {} : { parent_sequence: parent }),
    };
    events.push({ type: "checkpoint.saved", payload, sequence, at: event.at });
    parent = sequence;
    covered = [];
  }
  return { events, headHash };
}
