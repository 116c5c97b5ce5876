import type { HttpAnswer } from "./http-call.ts";
import { decodeText } from "./http-text.ts";
import { InvocationError } from "./invoker.ts";
import { hideSecrets } from "./resolve-placeholders.ts";

/** Characters of a foreign body that may enter the history of a run. */
export const MAX_EXCERPT_CHARACTERS = 500;

/**
 * The failure that a status of 400 or more means. Most 4xx say that the service refused the request and did
 * nothing; 408, 409 and 425 may come from an earlier copy of the request that did something.
 */
export function toStatusError(
  answer: HttpAnswer,
  label: string,
  secrets: ReadonlySet<string>,
): InvocationError {
  const { status } = answer;
  const isRefusal = status < 500 && status !== 408 && status !== 409 && status !== 425;
  const hint = HINTS[status] ?? (status < 500 ? REFUSED_HINT : FAILED_HINT);
  return new InvocationError(
    "upstream_failure",
    `The ${label} answered with HTTP status ${status}.`,
    {
      hint,
      details: { reason: "status", status, body: excerptOf(answer, secrets) },
      possiblySent: !isRefusal,
      isServiceFault: status >= 500 || status === 429,
    },
  );
}

/** The beginning of a body as text, without secrets. */
export function excerptOf(answer: HttpAnswer, secrets: ReadonlySet<string>): string {
  return hideSecrets(decodeText(answer), secrets).slice(0, MAX_EXCERPT_CHARACTERS);
}

const REFUSED_HINT =
  "The service did not take the request: details.body holds its words; check the request mapping of the binding.";
const FAILED_HINT =
  "The service itself failed: details.body holds its words; look at its log, or let the step retry.";
const HINTS: Readonly<Record<number, string>> = {
  401: "The service did not accept the credentials: check the headers of the service file and the variables they name.",
  403: "The credentials of the service file do not allow this operation.",
  404: "Check base_url of the service and operation of the binding.",
  405: "Check metadata.method of the binding.",
  429: "The service limits the rate of calls; fewer concurrent runs or a retry with longer waits help.",
};
