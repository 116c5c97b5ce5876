import { z } from "zod";
import type { Settings } from "../settings.ts";
import { toApiProblem, toConnectionProblem, unreadableAnswer } from "./api-problem.ts";

type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export type Call = {
  query?: Query;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, instead of `body`. */
  bytes?: Uint8Array<ArrayBuffer>;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
};

export type ApiClient = {
  settings: Settings;
  /** GET /api/v1<path>: the answer, checked as far as the schema asks. */
  get<T>(path: string, schema: z.ZodType<T>, call?: Call): Promise<T>;
  post<T>(path: string, schema: z.ZodType<T>, call?: Call): Promise<T>;
  delete<T>(path: string, schema: z.ZodType<T>): Promise<T>;
  /** GET /api/v1<path>: the file that it answers with. */
  download(path: string): Promise<Uint8Array>;
  /** The server's own account of whether it can take work; answers also where it cannot. */
  readiness(): Promise<Readiness>;
  /** Opens a stream of server-sent events; null where there is nothing to come (204). */
  stream(
    path: string,
    call: Call & { signal: AbortSignal },
  ): Promise<ReadableStream<Uint8Array> | null>;
};

const ReadinessSchema = z.looseObject({
  status: z.string(),
  checks: z.record(z.string(), z.string()),
});
export type Readiness = z.output<typeof ReadinessSchema>;

/** An import of thousands of documents takes its time; every other answer is there long before. */
const ANSWER_WITHIN_MS = 150_000;

/** A client of the HTTP API. Every call throws a CliError: the server's own, or that there is none. */
export function createApiClient(settings: Settings): ApiClient {
  const send = async (method: string, address: string, call: Call): Promise<Response> => {
    const { body, bytes, headers, signal } = call;
    const late = AbortSignal.timeout(ANSWER_WITHIN_MS);
    try {
      return await fetch(`${settings.url}${address}${queryText(call.query)}`, {
        method,
        headers: {
          accept: "application/json",
          ...(settings.apiKey === null ? {} : { authorization: `Bearer ${settings.apiKey}` }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(bytes === undefined ? {} : { body: bytes }),
        signal: signal === undefined ? late : signal,
      });
    } catch (thrown) {
      if (thrown instanceof DOMException && thrown.name === "AbortError") throw thrown;
      throw toConnectionProblem(settings, thrown);
    }
  };
  const problemOf = async (response: Response) =>
    toApiProblem(settings, {
      status: response.status,
      contentType: response.headers.get("content-type"),
      body: await readJson(response),
    });
  const ask = async <T>(method: string, path: string, schema: z.ZodType<T>, call: Call = {}) => {
    const response = await send(method, `/api/v1${path}`, call);
    if (!response.ok) throw await problemOf(response);
    return check(settings, `${method} ${path}`, schema, await readJson(response));
  };
  return {
    settings,
    get: (path, schema, call) => ask("GET", path, schema, call),
    post: (path, schema, call) => ask("POST", path, schema, call),
    delete: (path, schema) => ask("DELETE", path, schema),
    async download(path) {
      const headers = { accept: "application/gzip, application/json" };
      const response = await send("GET", `/api/v1${path}`, { headers });
      if (!response.ok) throw await problemOf(response);
      if (response.headers.get("content-type") !== "application/gzip")
        throw unreadableAnswer(settings, `GET ${path}`, "it is no file");
      return await response.bytes();
    },
    async readiness() {
      const response = await send("GET", "/readyz", {});
      const parsed = ReadinessSchema.safeParse(await readJson(response.clone()));
      if (parsed.success) return parsed.data;
      throw await problemOf(response);
    },
    async stream(path, call) {
      const headers = { ...call.headers, accept: "text/event-stream" };
      const response = await send("GET", `/api/v1${path}`, { ...call, headers });
      if (response.status === 204) return null;
      if (!response.ok) throw await problemOf(response);
      if (response.headers.get("content-type")?.startsWith("text/event-stream") === true)
        return response.body;
      throw unreadableAnswer(settings, `GET ${path}`, "it is no stream of events");
    },
  };
}

/** A segment of a path, whatever characters an id has. */
export function segment(text: string): string {
  return encodeURIComponent(text);
}

function check<T>(settings: Settings, what: string, schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined ? "" : ` at ${issue.path.join(".")}`;
  throw unreadableAnswer(settings, what, `${issue?.message ?? "unknown reason"}${place}`);
}

/** The JSON of an answer; null for anything else, which the caller then finds unreadable. */
async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

function queryText(query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const each of Array.isArray(value) ? value : [value])
      parameters.append(name, String(each));
  }
  return parameters.size === 0 ? "" : `?${parameters}`;
}
