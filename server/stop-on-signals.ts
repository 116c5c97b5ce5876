const FORCE_AFTER_MS = 9_500;
/** Ctrl-C goes to every process of a terminal's group, and a launcher passes it on besides: one press, two signals. */
const SAME_PRESS_MS = 500;

/**
 * Calls `stop` once at SIGTERM or SIGINT and ends the process: with 0 when that is done, also where it takes longer
 * than 9.5 s (what is then unfinished is recovered by the next start). A second signal ends it at once.
 */
export function stopOnSignals(stop: (reason: string) => Promise<void>): void {
  let stoppingSince: number | null = null;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stoppingSince !== null && performance.now() - stoppingSince < SAME_PRESS_MS) return;
    if (stoppingSince !== null) process.exit(130);
    stoppingSince = performance.now();
    setTimeout(() => process.exit(0), FORCE_AFTER_MS);
    stop(signal).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}
