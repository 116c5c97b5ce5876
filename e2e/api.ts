import { z } from "zod";
import type { E2eServer } from "./server.ts";

const ReportSchema = z.object({
  diagnostics: z.array(z.object({ severity: z.string(), message: z.string() })),
});
const StartedSchema = z.object({ run: z.object({ run_id: z.string() }) });
const StatusSchema = z.object({ status: z.string() });

/** Asks the server as a program would, with the key of its first start. Throws what it answered otherwise. */
export async function callApi(server: E2eServer, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${server.baseUrl}/api/v1${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${server.apiKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok)
    throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

/** Imports one document; throws where it has an error. */
export function importDocument(server: E2eServer, path: string, content: string): Promise<void> {
  return importDocuments(server, [{ path, content }]);
}

/** Imports documents together; throws where one has an error. */
export async function importDocuments(
  server: E2eServer,
  documents: readonly { path: string; content: string }[],
): Promise<void> {
  const report = ReportSchema.parse(await callApi(server, "/registry/import", { documents }));
  const errors = report.diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join(" "));
}

/** Starts a run and answers its id. */
export async function startRun(
  server: E2eServer,
  skill: string,
  inputs: object = {},
  attributes: object = {},
  options: object = {},
): Promise<string> {
  return StartedSchema.parse(await callApi(server, "/runs", { skill, inputs, attributes, options }))
    .run.run_id;
}

/** The status of a run as the server has it. */
export async function statusOf(server: E2eServer, runId: string): Promise<string> {
  return StatusSchema.parse(await callApi(server, `/runs/${runId}`)).status;
}
