import type { ServerResponse } from "node:http";
import type { Registry } from "prom-client";
import { sendJson } from "./send.ts";

/** Whether a process can take work, and why not. */
export type Readiness = { isReady: boolean; checks: Record<string, string> };

/** Answers 200 where the process can take work, else 503 with what is wrong. */
export async function sendReadiness(
  response: ServerResponse,
  readiness: () => Promise<Readiness>,
): Promise<void> {
  const { isReady, checks } = await readiness();
  sendJson(response, isReady ? 200 : 503, { status: isReady ? "ok" : "unavailable", checks });
}

/** Answers with the figures in the format of Prometheus. */
export async function sendMetrics(response: ServerResponse, registry: Registry): Promise<void> {
  const text = await registry.metrics();
  response.writeHead(200, { "content-type": registry.contentType, "cache-control": "no-store" });
  response.end(text);
}
