import type { FetchLike } from "@modelcontextprotocol/sdk/shared/transport.js";
import { fetch as undiciFetch } from "undici";
import { toHttpCallError } from "./http-call-error.ts";
import { type NetworkRules } from "./invoker.ts";
import { currentMcpCall } from "./mcp-current-call.ts";
import { type NetworkGuard, parseCallableUrl } from "./network-guard.ts";
import { noteRequestStart } from "./note-request-start.ts";
import { BodyTooLargeError } from "./read-http-body.ts";

export type GuardedFetchOptions = {
  label: string;
  network: NetworkRules;
  maxResponseBytes: number;
};

const STATUSES_WITHOUT_BODY = new Set([101, 204, 205, 304]);

/**
 * The `fetch` of MCP's streamable HTTP transport: guarded addresses, capped bodies, redirects left to the transport
 * (it follows them within the origin only). A stream that breaks ends the call that waits for it.
 */
export function createMcpFetch(guard: NetworkGuard, options: GuardedFetchOptions): FetchLike {
  return async (address, init = {}) => {
    const headers = Object.fromEntries(new Headers(init.headers));
    const method = init.method ?? "GET";
    // The standing stream carries what servers say unasked. We only call tools; 405 means "no such stream" in MCP.
    if (method === "GET" && headers["last-event-id"] === undefined)
      return new Response(null, { status: 405 });

    const call = currentMcpCall.getStore();
    const progress = { possiblySent: false, redirects: 0 };
    const dispatcher = noteRequestStart(guard.dispatcherFor(options.network), () => {
      progress.possiblySent = true;
    });
    const explain = (error: unknown) => {
      const cause = error instanceof TypeError && error.cause !== undefined ? error.cause : error;
      const signal = call?.signal ?? new AbortController().signal;
      const { label, network } = options;
      const request = { label, network, method, url: "", headers: {}, timeoutMs: 0, signal };
      return toHttpCallError(cause, request, { ...progress, timedOut: false });
    };
    try {
      const url = parseCallableUrl(String(address), options.label);
      const answer = await undiciFetch(url, {
        method,
        headers,
        dispatcher,
        redirect: "manual",
        ...(typeof init.body === "string" ? { body: init.body } : {}),
        ...(init.signal ? { signal: init.signal } : {}),
      });
      const body =
        answer.body === null || STATUSES_WITHOUT_BODY.has(answer.status)
          ? null
          : watchBody(answer.body, options.maxResponseBytes, (error) =>
              call?.breakOff(explain(error)),
            );
      return new Response(body, {
        status: answer.status,
        statusText: answer.statusText,
        headers: [...answer.headers],
      });
    } catch (error) {
      throw explain(error);
    }
  };
}

type ByteSource = {
  getReader(): {
    read(): Promise<{ done: boolean; value?: Uint8Array }>;
    cancel(reason?: unknown): Promise<void>;
  };
};

function watchBody(
  source: ByteSource,
  maxBytes: number,
  onBroken: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let total = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done || value === undefined) return controller.close();
        total += value.length;
        if (total > maxBytes) throw new BodyTooLargeError(`more than ${maxBytes} bytes`);
        controller.enqueue(value);
      } catch (error) {
        onBroken(error);
        controller.error(error);
        await reader.cancel(error).catch(() => {});
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
