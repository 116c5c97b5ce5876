/** Failures in a row that open a breaker (`contract.md` §9). */
export const FAILURES_TO_OPEN = 5;
/** How long an open breaker refuses calls before it lets one probe through. */
export const OPEN_MS = 30_000;
/** Successful probes that close a breaker again. */
export const SUCCESSES_TO_CLOSE = 2;

/** What is known about the health of one service. Times are epoch milliseconds. */
export type BreakerState =
  | { status: "closed"; failures: number }
  | { status: "open"; retryAt: number }
  | { status: "half_open"; successes: number; probeUntil: number | null };

/**
 * `admitted` when a call starts; then exactly one of `succeeded`, `failed` (the service is to blame) or
 * `ended_without_verdict` (canceled, or the request or mapping was to blame).
 */
export type BreakerEvent = "admitted" | "succeeded" | "failed" | "ended_without_verdict";

export const CLOSED_BREAKER: BreakerState = { status: "closed", failures: 0 };

export type Admission = { admitted: true } | { admitted: false; retryAt: number };

const ADMITTED: Admission = { admitted: true };

/** Whether a call may start now. In half-open one probe at a time; a probe that never reports frees its place after `OPEN_MS`. */
export function admitCall(state: BreakerState, now: number): Admission {
  if (state.status === "closed") return ADMITTED;
  const retryAt = state.status === "open" ? state.retryAt : (state.probeUntil ?? now);
  return now >= retryAt ? ADMITTED : { admitted: false, retryAt };
}

/** Folds one event into a breaker. Returns the same object where nothing changed. Late reports to an open breaker change nothing. */
export function evolveBreaker(state: BreakerState, event: BreakerEvent, now: number): BreakerState {
  switch (state.status) {
    case "closed":
      return evolveClosed(state, event, now);
    case "open":
      return event === "admitted"
        ? { status: "half_open", successes: 0, probeUntil: now + OPEN_MS }
        : state;
    case "half_open":
      return evolveHalfOpen(state, event, now);
  }
}

function evolveClosed(
  state: Extract<BreakerState, { status: "closed" }>,
  event: BreakerEvent,
  now: number,
): BreakerState {
  if (event === "succeeded") return state.failures === 0 ? state : CLOSED_BREAKER;
  if (event !== "failed") return state;
  const failures = state.failures + 1;
  return failures >= FAILURES_TO_OPEN
    ? { status: "open", retryAt: now + OPEN_MS }
    : { status: "closed", failures };
}

function evolveHalfOpen(
  state: Extract<BreakerState, { status: "half_open" }>,
  event: BreakerEvent,
  now: number,
): BreakerState {
  switch (event) {
    case "admitted":
      return { ...state, probeUntil: now + OPEN_MS };
    case "failed":
      return { status: "open", retryAt: now + OPEN_MS };
    case "ended_without_verdict":
      return { ...state, probeUntil: null };
    case "succeeded":
      return state.successes + 1 >= SUCCESSES_TO_CLOSE
        ? CLOSED_BREAKER
        : { status: "half_open", successes: state.successes + 1, probeUntil: null };
  }
}
