import type { JsonObject } from "./json.ts";

/** Every error code of the product, its HTTP status, and whether trying again may help. */
export const ERROR_CODES = {
  invalid_request: { http: 400, retryable: false },
  max_depth_exceeded: { http: 400, retryable: false },
  unauthorized: { http: 401, retryable: false },
  forbidden: { http: 403, retryable: false },
  safety_denied: { http: 403, retryable: false },
  same_tenant_mismatch: { http: 403, retryable: false },
  data_classification_denied: { http: 403, retryable: false },
  target_denied: { http: 403, retryable: false },
  scope_denied: { http: 403, retryable: false },
  gate_denied: { http: 403, retryable: false },
  not_found: { http: 404, retryable: false },
  run_not_found: { http: 404, retryable: false },
  checkpoint_not_found: { http: 404, retryable: false },
  method_not_allowed: { http: 405, retryable: false },
  invalid_configuration: { http: 409, retryable: false },
  idempotency_conflict: { http: 409, retryable: false },
  invalid_transition: { http: 409, retryable: false },
  stale_checkpoint: { http: 409, retryable: false },
  plan_outdated: { http: 409, retryable: false },
  lease_lost: { http: 409, retryable: true },
  approval_not_pending: { http: 409, retryable: false },
  payload_changed: { http: 409, retryable: false },
  effect_in_doubt: { http: 409, retryable: false },
  version_conflict: { http: 409, retryable: false },
  conformance_unmet: { http: 412, retryable: false },
  payload_too_large: { http: 413, retryable: false },
  confirmation_required: { http: 428, retryable: false },
  rate_limited: { http: 429, retryable: true },
  quota_exceeded: { http: 429, retryable: true },
  runtime_error: { http: 500, retryable: true },
  internal_error: { http: 500, retryable: true },
  upstream_failure: { http: 502, retryable: true },
  gate_execution_failure: { http: 503, retryable: true },
  unavailable: { http: 503, retryable: true },
  step_timeout: { http: 504, retryable: true },
  upstream_timeout: { http: 504, retryable: true },
} as const satisfies Record<string, { http: number; retryable: boolean }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** True for one of the codes above. */
export function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(ERROR_CODES, value);
}

/** What an error looks like in history, in an API answer and on a screen. */
export type ErrorRecord = {
  code: ErrorCode;
  message: string;
  hint?: string;
  details?: JsonObject;
};

export type DomainErrorOptions = { hint?: string; details?: JsonObject; cause?: unknown };

/**
 * An error that a caller can act on. `message`, `hint` and `details` may be shown to anyone; what must
 * stay inside (secrets, stacks, foreign messages) belongs in `cause`.
 */
export class DomainError extends Error {
  override readonly name = "DomainError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: JsonObject | undefined;

  constructor(code: ErrorCode, message: string, options: DomainErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
  }

  toRecord(): ErrorRecord {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }
}

/** The record of any thrown value: a DomainError as it is, everything else as `internal_error` without its text. */
export function toErrorRecord(thrown: unknown): ErrorRecord {
  if (thrown instanceof DomainError) return thrown.toRecord();
  return { code: "internal_error", message: "Something went wrong inside the server." };
}

/** Stops on a state that the code above it rules out. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant violated: ${message}`);
}
