/** How long connecting may take, and waiting for a free connection of the pool: then the caller hears of it. */
export const CONNECT_TIMEOUT_MS = 10_000;

/**
 * How long the server may say nothing while a statement is under way. Far beyond what our statements take on a slow
 * disk, far below the quarter of an hour after which TCP gives a half-open connection up.
 */
export const SILENCE_TIMEOUT_MS = 30_000;

/** After how long the system begins to ask whether the other side of a quiet connection still exists. */
export const KEEP_ALIVE_DELAY_MS = 10_000;
