import { DomainError } from "../../../core/errors.ts";
import { callHttp, type HttpAnswer } from "./http-call.ts";
import { toStatusError } from "./http-status-error.ts";
import { type Invocation, InvocationError } from "./invoker.ts";
import type { NetworkGuard } from "./network-guard.ts";
import { sendWithRetries, TransientError } from "./resend.ts";
import { type BindingEnv, resolvePlaceholders } from "./resolve-placeholders.ts";
import { parseRetryAfter } from "./retry-after.ts";
import type { Timing } from "./timing.ts";
import { transportSettingsOf } from "./transport-settings.ts";

/** What HTTP invokers need of the world. */
export type HttpTools = { guard: NetworkGuard; env: BindingEnv; timing: Timing };

/** A request relative to the service's base URL. */
export type ServiceRequest = {
  method: string;
  /** Appended to the base URL with one slash; null calls the base URL itself. Already percent-encoded. */
  path: string | null;
  query?: string;
  body?: string;
  accept: string;
};

export type ServiceAnswer = HttpAnswer & { secrets: ReadonlySet<string> };

/**
 * Sends a request to the service of an invocation: base URL and merged headers with their placeholders resolved,
 * trace and idempotency headers, retries by the binding's settings. Answers below 400 only.
 */
export async function callService(
  tools: HttpTools,
  invocation: Invocation,
  request: ServiceRequest,
): Promise<ServiceAnswer> {
  const secrets = new Set<string>();
  const url = urlOf(invocation, request, tools.env, secrets);
  const headers = headersOf(invocation, request, tools.env, secrets);
  const settings = transportSettingsOf(invocation);
  return sendWithRetries(invocation, settings, tools.timing, async (timeoutMs) => {
    const answer = await callHttp(tools.guard, {
      label: labelOf(invocation),
      method: request.method,
      url,
      headers,
      ...(request.body === undefined ? {} : { body: request.body }),
      maxRequestBytes: settings.maxRequestBytes,
      maxResponseBytes: settings.maxResponseBytes,
      timeoutMs,
      signal: invocation.signal,
      network: invocation.network,
    }).catch(rethrowTransient);
    if (answer.status < 400) return { ...answer, secrets };
    const failure = toStatusError(answer, labelOf(invocation), secrets);
    if (!RETRIED_STATUSES.has(answer.status)) throw failure;
    throw new TransientError(
      failure,
      parseRetryAfter(answer.headers["retry-after"], tools.timing.now()),
    );
  });
}

/** How messages name the service of an invocation. */
export function labelOf(invocation: Invocation): string {
  return `service ${invocation.service.id}`;
}

const RETRIED_STATUSES = new Set([429, 502, 503, 504]);
const RETRIED_REASONS = new Set<unknown>(["timeout", "connection"]);

function rethrowTransient(error: unknown): never {
  const isTransient =
    error instanceof InvocationError && RETRIED_REASONS.has(error.details?.["reason"]);
  throw isTransient ? new TransientError(error) : error;
}

function urlOf(
  invocation: Invocation,
  request: ServiceRequest,
  env: BindingEnv,
  secrets: Set<string>,
): string {
  const { service } = invocation;
  if (service.base_url === undefined) {
    throw new DomainError(
      "invalid_configuration",
      `Service ${service.id} has no base_url to call.`,
      {
        hint: "Add base_url to the service file; spec_ref alone does not say where the service is.",
        details: { service_id: service.id },
      },
    );
  }
  const base = resolvePlaceholders(
    service.base_url,
    env,
    `base_url of service ${service.id}`,
    secrets,
  );
  const path =
    request.path === null
      ? base
      : `${base.replace(/\/+$/, "")}/${request.path.replace(/^\/+/, "")}`;
  if (request.query === undefined || request.query === "") return path;
  return `${path}${path.includes("?") ? "&" : "?"}${request.query}`;
}

function headersOf(
  invocation: Invocation,
  request: ServiceRequest,
  env: BindingEnv,
  secrets: Set<string>,
): Record<string, string> {
  const headers: Record<string, string> = { accept: request.accept };
  if (request.body !== undefined) headers["content-type"] = "application/json";
  Object.assign(headers, configuredHeaders(invocation, env, secrets), {
    traceparent: invocation.traceparent,
  });
  if (invocation.idempotencyKey !== undefined)
    headers["idempotency-key"] = invocation.idempotencyKey;
  return headers;
}

/** The headers that the service and the binding ask for, the binding's over the service's, names in lower case. */
export function configuredHeaders(
  { binding, service }: Invocation,
  env: BindingEnv,
  secrets: Set<string>,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [owner, values] of [
    [`service ${service.id}`, service.metadata.headers],
    [`binding ${binding.id}`, binding.metadata.headers],
  ] as const) {
    for (const [name, value] of Object.entries(values ?? {})) {
      headers[name.toLowerCase()] = resolvePlaceholders(
        value,
        env,
        `Header ${name} of ${owner}`,
        secrets,
      );
    }
  }
  return headers;
}
