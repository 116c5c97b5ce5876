import assert from "node:assert/strict";
import { z } from "zod";
import type { JsonObject } from "../core/json.ts";
import { isTerminal } from "../core/run.ts";
import { ApprovalSummarySchema } from "../server/api/approval-schemas.ts";
import { CheckpointViewSchema } from "../server/api/checkpoint-schemas.ts";
import { EffectViewSchema } from "../server/api/effect-schemas.ts";
import { LineageSchema } from "../server/api/replay-schemas.ts";
import { EventEnvelopeSchema, RunDetailSchema } from "../server/api/run-schemas.ts";
import { createApiCaller, type Answer } from "../server/testing/api-caller.ts";
import { waitUntil } from "./wait-until.ts";

const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullable().optional() });
type Page<Item> = { items: Item[]; next_cursor?: string | null | undefined };
const StartedSchema = z.object({ run: z.object({ run_id: z.string() }) });
const RefusalSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** Longer than the server takes for anything; a server that is stopped (SIGSTOP) never answers. */
const REQUEST_LIMIT_MS = 20_000;

/**
 * A client of the HTTP API that repeats a request until it is answered, as a careful program does where servers come
 * and go: starts under an Idempotency-Key, signals under an id, decisions and commands because they may arrive twice.
 */
export function createVerifierClient(place: { url: string; apiKey: string }) {
  async function send(path: string, body?: JsonObject, key?: string): Promise<Answer> {
    const response = await fetch(`${place.url}/api/v1${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        authorization: `Bearer ${place.apiKey}`,
        "content-type": "application/json",
        ...(key === undefined ? {} : { "idempotency-key": key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? null : JSON.parse(text) };
  }

  function insist(path: string, body?: JsonObject, key?: string): Promise<Answer> {
    return waitUntil(`${path} is answered`, async () => {
      const answer = await send(path, body, key);
      if (answer.status < 500) return answer;
      throw new Error(JSON.stringify(answer.body));
    });
  }

  async function get<Schema extends z.ZodType>(path: string, schema: Schema) {
    const { status, body } = await insist(path);
    assert.equal(status, 200, `${path} answered ${status}: ${JSON.stringify(body)}`);
    return schema.parse(body);
  }

  async function getAll<Item extends z.ZodType>(path: string, item: Item) {
    const items: z.output<Item>[] = [];
    let next: string | null = `${path}?limit=500`;
    while (next !== null) {
      const page: Page<z.output<Item>> = await get(next, listOf(item));
      items.push(...page.items);
      const { next_cursor: cursor = null } = page;
      next = cursor === null ? null : `${path}?limit=500&cursor=${encodeURIComponent(cursor)}`;
    }
    return items;
  }

  const getRun = (runId: string) => get(`/runs/${runId}`, RunDetailSchema);

  return {
    send,
    insist,
    get,
    getRun,
    lineage: (runId: string) => get(`/runs/${runId}/lineage`, LineageSchema),
    importFiles: createApiCaller(place).importFiles,
    /** Starts a run whose tickets begin with `label`, which is also its Idempotency-Key. */
    start: async (skill: string, label: string, more: JsonObject = {}) => {
      const request = { skill: `verify.${skill}`, inputs: { run: label }, ...more };
      const { status, body } = await insist("/runs", request, label);
      assert.equal(status, 202, `the start of ${skill} answered ${JSON.stringify(body)}`);
      return StartedSchema.parse(body).run.run_id;
    },
    until: (runId: string, status: string) =>
      waitUntil(`run ${runId} is ${status}`, async () => {
        const run = await getRun(runId);
        return run.status === status ? run : null;
      }),
    untilEnded: (runId: string) =>
      waitUntil(`run ${runId} ends`, async () => {
        const run = await getRun(runId);
        return isTerminal(run.status) ? run : null;
      }),
    events: (runId: string) => getAllEvents(get, runId),
    effects: (runId: string) =>
      get(`/runs/${runId}/effects`, listOf(EffectViewSchema)).then(({ items }) => items),
    checkpoints: (runId: string) => getAll(`/runs/${runId}/checkpoints`, CheckpointViewSchema),
    approvals: (runId: string) => getAll(`/runs/${runId}/approvals`, ApprovalSummarySchema),
    /** The refusal's status and code. Throws where the request was not refused. */
    refusal: async (path: string, body?: JsonObject) => {
      const answer = await insist(path, body);
      const { code, message } = RefusalSchema.parse(answer.body).error;
      return { status: answer.status, code, message };
    },
  };
}

export type VerifierClient = ReturnType<typeof createVerifierClient>;

async function getAllEvents(get: VerifierClient["get"], runId: string) {
  const events: z.output<typeof EventEnvelopeSchema>[] = [];
  for (;;) {
    const after = events.at(-1)?.sequence ?? 0;
    const page = await get(
      `/runs/${runId}/events?limit=500&after=${after}`,
      listOf(EventEnvelopeSchema),
    );
    if (page.items.length === 0) return events;
    events.push(...page.items);
  }
}
