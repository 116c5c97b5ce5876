import { ERROR_CODES } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import type { RetryRule } from "./skill.ts";

/** What no rule can make a step try again: the same input and configuration would fail again. */
const NEVER_RETRIED: ReadonlySet<string> = new Set([
  "invalid_request",
  "invalid_configuration",
  "safety_denied",
  "same_tenant_mismatch",
  "data_classification_denied",
  "target_denied",
  "scope_denied",
]);

/**
 * Milliseconds between attempt `attempt` (from 1) and the next: backoff × multiplier^(attempt − 1),
 * capped, then moved by up to ± jitter. `random` in [0, 1) chooses where; 0.5 means no jitter.
 */
export function retryDelayMs(rule: RetryRule, attempt: number, random: number): number {
  if (rule.backoff_seconds === 0) return 0;
  const growing = rule.backoff_seconds * rule.backoff_multiplier ** (attempt - 1);
  const capped = Math.min(growing, rule.max_backoff_seconds);
  return Math.round(capped * 1000 * (1 + rule.jitter * (2 * random - 1)));
}

/**
 * Whether another attempt may follow after attempt `attempt` (from 1) failed. `give_up_on` wins over
 * `retry_on`; with no `retry_on` the error table says whether trying again may help.
 */
export function mayRetry(
  rule: RetryRule,
  attempt: number,
  error: { code: string; details?: JsonObject },
): boolean {
  if (attempt >= rule.max_attempts || NEVER_RETRIED.has(error.code)) return false;
  // The network rules of the environment will refuse the address again.
  if (error.details?.["reason"] === "refused_address") return false;
  if (rule.give_up_on?.includes(error.code)) return false;
  return rule.retry_on?.includes(error.code) ?? isRetryable(error.code);
}

function isRetryable(code: string): boolean {
  const table: Record<string, { retryable: boolean }> = ERROR_CODES;
  return table[code]?.retryable ?? true;
}
