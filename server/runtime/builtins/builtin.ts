import type { JsonObject } from "../../../core/json.ts";

/** Keeps small JSON records per tenant, environment and collection, durably. */
export type RecordStore = {
  put(collection: string, key: string, value: JsonObject): Promise<void>;
  get(collection: string, key: string): Promise<JsonObject | null>;
  list(collection: string, limit: number): Promise<{ key: string; value: JsonObject }[]>;
  delete(collection: string, key: string): Promise<boolean>;
};

/** What a native function may use of the world. It has no other access to clock, network, disk or storage. */
export type BuiltinContext = {
  tenantId: string;
  environment: string;
  runId: string;
  stepPath: string;
  idempotencyKey?: string;
  signal: AbortSignal;
  now: () => Date;
  randomId: () => string;
  /** A folder of this tenant and environment; paths outside it are refused by `server/runtime/builtins/sandbox-path.ts`. */
  sandboxDir: string;
  /** `fetch` behind the network rules of the environment. */
  fetch: (
    url: string,
    init?: { method?: string; headers?: Record<string, string>; body?: string },
  ) => Promise<{
    status: number;
    headers: Record<string, string>;
    body: Uint8Array;
    url: string;
  }>;
  records: RecordStore;
  /** Base URL and SMTP port of the local sandbox service (mail catcher, tickets, payments), where it runs. */
  sandbox: { baseUrl: string; smtpPort: number } | null;
  /** A search endpoint that answers `GET <searchUrl>?q=…&limit=…` with JSON results, where one is configured. */
  searchUrl: string | null;
};

/** A native function behind a `builtin` binding. Throws DomainError; `invalid_request` for input it cannot work on. */
export type Builtin = (
  input: JsonObject,
  context: BuiltinContext,
) => JsonObject | Promise<JsonObject>;

/** The functions of one module by operation name. */
export type BuiltinModule = Readonly<Record<string, Builtin>>;
