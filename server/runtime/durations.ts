/** How long one attempt of a step may take where neither step, binding nor service says (`origins/orca.md` §2.4). */
export const DEFAULT_STEP_TIMEOUT_MS = 60_000;

/** How often a worker says that it lives: a few times within the time after which it counts as dead. */
export const HEARTBEAT_INTERVAL_MS = 2_000;

/** A worker that was silent for so long is dead; long enough for a slow disk or a garbage collection. */
export const WORKER_DEAD_AFTER_MS = 10_000;

/** How often a worker looks for runs that became due; their wake-up notice usually comes sooner. */
export const CLAIM_INTERVAL_MS = 500;

/** How often a worker looks for commands whose notice got lost. */
export const COMMAND_INTERVAL_MS = 1_000;

/** The ledger rows of an active run are at most so much older than its events. */
export const LEDGER_INTERVAL_MS = 1_000;

/** A run that has nothing to do for so long leaves memory. */
export const PARK_AFTER_IDLE_MS = 2_000;

/** A run that is due sooner than this stays in memory: parking it would cost more than it saves. */
export const PARK_MIN_SLEEP_MS = 5_000;

/** How often parked runs are counted for the metrics; scrapes are seldom more frequent. */
export const PARKED_COUNT_INTERVAL_MS = 15_000;

/** How often a run looks whether the same call of another run of its lineage has ended. */
export const EARLIER_CALL_LOOK_MS = 250;

/** How long an API call waits for the owner of a run to apply its command. */
export const COMMAND_TIMEOUT_MS = 10_000;

/** How long a stopping process lets calls with effects finish before it leaves them in doubt. */
export const STOP_GRACE_MS = 7_000;

/** Node's timers overflow beyond this (2^31 - 1 ms); later times are armed again. */
export const MAX_TIMER_MS = 2_147_483_647;

/** How long a run that cannot be driven rests before another try. */
export const BROKEN_RUN_RESTS_MS = 5_000;

/** How long a parent goes on asking a nested run to stop that is not stored (yet), or while the database is away. */
export const CHILD_CANCEL_TIMEOUT_MS = 60_000;
