import type { Permission, Role } from "../../core/permissions.ts";
import type { ApiDependencies } from "./api-dependencies.ts";

/** Who asks. Made by server/auth from an API key or a session; the permissions are already the effective ones. */
export type Caller = {
  kind: "api_key" | "session";
  tenantId: string;
  /** What history records: `user:<id>` or `key:<id>`. */
  actor: string;
  subject: { id: string; name: string; email: string | null };
  /** Null for an API key. */
  role: Role | null;
  /** The groups of people that the caller belongs to; none for an API key. */
  groups: readonly string[];
  permissions: ReadonlySet<Permission>;
};

/** A file to be saved under its name. */
export type AnswerFile = { name: string; bytes: Uint8Array };

/** What one call knows about itself. Every procedure gets it. */
export type ApiContext = {
  dependencies: ApiDependencies;
  caller: Caller | null;
  traceId: string;
  traceparent: string | null;
  idempotencyKey: string | null;
  /** Aborted when the client goes away, so that waiting calls end. */
  signal: AbortSignal;
  /**
   * What a procedure may say about its answer beside the value: headers, a status other than its usual one, and a file
   * that REST sends in place of the value.
   */
  answer: { headers: Headers; status: number | null; file: AnswerFile | null };
};
