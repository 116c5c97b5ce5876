import { z } from "zod";
import { ImportReportSchema } from "../api/registry-schemas.ts";
import { JsonObjectSchema } from "../../core/field.ts";
import type { JsonObject } from "../../core/json.ts";
import { isTerminal, RUN_STATUSES } from "../../core/run.ts";

export type Answer = { status: number; body: unknown };

const ErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  details: JsonObjectSchema.optional(),
});
const RunSchema = z.object({
  run_id: z.string(),
  status: z.enum(RUN_STATUSES),
  outputs: JsonObjectSchema.nullable(),
  error: ErrorSchema.nullable(),
});
const EventsSchema = z.object({
  items: z.array(
    z.object({ sequence: z.int(), event_type: z.string(), payload: JsonObjectSchema }),
  ),
});
const StartedSchema = z.object({ run: z.object({ run_id: z.string() }) });

/** How often the state of a run is asked for while a test waits for it. */
const POLL_MS = 50;

/** A client of the REST surface for tests, as a program of a user's would be. */
export function createApiCaller(place: { url: string; apiKey: string }) {
  const headers = { authorization: `Bearer ${place.apiKey}`, "content-type": "application/json" };

  async function send(path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${place.url}/api/v1${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers,
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? null : JSON.parse(text) };
  }

  async function ask(path: string, body?: unknown): Promise<unknown> {
    const answer = await send(path, body);
    if (answer.status >= 400) throw new Error(`${path} answered ${JSON.stringify(answer)}`);
    return answer.body;
  }

  async function getRun(runId: string) {
    return RunSchema.parse(await ask(`/runs/${runId}`));
  }

  return {
    send,
    getRun,
    /** Imports documents by path; answers the diagnostics. */
    importFiles: async (files: Record<string, string>) => {
      const documents = Object.entries(files).map(([path, content]) => ({ path, content }));
      return ImportReportSchema.parse(await ask("/registry/import", { documents })).diagnostics;
    },
    startRun: async (skill: string, inputs: JsonObject = {}, more: JsonObject = {}) =>
      StartedSchema.parse(await ask("/runs", { skill, inputs, ...more })).run.run_id,
    /** The run once it has ended. */
    untilEnded: async (runId: string) => {
      for (;;) {
        const run = await getRun(runId);
        if (isTerminal(run.status)) return run;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
    listEvents: async (runId: string) =>
      EventsSchema.parse(await ask(`/runs/${runId}/events?limit=500`)).items,
  };
}

export type ApiCaller = ReturnType<typeof createApiCaller>;
